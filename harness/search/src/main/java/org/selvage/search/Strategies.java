package org.selvage.search;

import java.util.List;

/** The strategies by their names on the command line. */
public final class Strategies {
    private static final int MAX_DEPTH = 64;

    /** What is used unless another is asked for. */
    public static final String DEFAULT = "portfolio";

    private static final List<Scenario.Variant> ALL =
            List.of(
                    new Scenario.Variant(
                            "portfolio", "random and pct:2 to pct:4 in turn (the default)"),
                    new Scenario.Variant("random", "every option with the same probability"),
                    new Scenario.Variant(
                            "pct:D",
                            "random priorities with D-1 changes, D from 1 to 64 (ASPLOS 2010); pct alone is pct:3"),
                    new Scenario.Variant(
                            "default", "the one execution without any deviation, once"));

    private Strategies() {}

    /** Every strategy with its summary. */
    public static List<Scenario.Variant> all() {
        return ALL;
    }

    /**
     * Makes a strategy.
     *
     * @throws IllegalArgumentException with one clear line if there is none of this name
     */
    public static Strategy named(String name, long seed) {
        String depth = name.startsWith("pct:") ? name.substring(4) : "3";
        return switch (name.startsWith("pct:") ? "pct" : name) {
            case "portfolio" ->
                    new Portfolio(
                            List.of(
                                    new Pct(Xoroshiro.combine(seed, 1), 3),
                                    new RandomWalk(Xoroshiro.combine(seed, 2)),
                                    new Pct(Xoroshiro.combine(seed, 3), 2),
                                    new Pct(Xoroshiro.combine(seed, 4), 4)));
            case "random" -> new RandomWalk(seed);
            case "pct" -> new Pct(seed, depth(name, depth));
            case "default" -> new Replay(List.of(), Replay.Mode.LENIENT);
            default ->
                    throw new IllegalArgumentException(
                            "no such strategy: strategy="
                                    + name
                                    + ", known="
                                    + ALL.stream().map(Scenario.Variant::name).toList());
        };
    }

    private static int depth(String name, String text) {
        try {
            int depth = Integer.parseInt(text);
            if (depth >= 1 && depth <= MAX_DEPTH) {
                return depth;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the depth is no number: strategy=" + name, e);
        }
        throw new IllegalArgumentException(
                "the depth is out of range: strategy=" + name + ", range=1.." + MAX_DEPTH);
    }
}
