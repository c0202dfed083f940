package org.selvage.search;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A schedule that can be replayed: the program, and the draws that differ from letting each task
 * run until it blocks.
 *
 * @param subject what is run, as {@code scenario NAME}
 * @param profile the scenario's profile
 * @param defects the defects woven in
 * @param seed the scenario's seed
 * @param parameters the scenario's parameters
 * @param fingerprint tells one build of the program from another
 * @param failure the signature of what happens, in one line
 * @param steps the deviations, in order
 */
public record Schedule(
        String subject,
        String profile,
        List<String> defects,
        long seed,
        Map<String, String> parameters,
        String fingerprint,
        String failure,
        List<Step> steps) {

    /** The deviations of its steps. */
    public List<Deviation> deviations() {
        return steps.stream().map(Step::deviation).toList();
    }

    /**
     * The parameters that a scenario has, as {@code rows=41, tables=1}; empty for other programs.
     */
    public String sizes() {
        return subject.startsWith("scenario ")
                ? new TreeMap<>(parameters)
                        .entrySet().stream().map(Object::toString).collect(Collectors.joining(", "))
                : "";
    }

    /**
     * One deviation and what is expected there.
     *
     * @param deviation the draw
     * @param expected what the drawing task is about to do, without the line number
     * @param comment who gives way to whom; not read back
     */
    public record Step(Deviation deviation, String expected, String comment) {}
}
