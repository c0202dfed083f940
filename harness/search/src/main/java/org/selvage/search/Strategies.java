package org.selvage.search;

import java.util.ArrayList;
import java.util.List;
import org.selvage.search.reduction.BoundedReduction;

/** The strategies by their names on the command line. */
public final class Strategies {
    private static final int MAX_DEPTH = 64;

    /** What is used unless another is asked for. */
    public static final String DEFAULT = "portfolio";

    /**
     * What the portfolio consists of, in the order of turns. Of the orders and selections tried on
     * the planted defects of {@code benchmarks} this one needs the fewest executions.
     */
    private static final List<String> MEMBERS =
            List.of("random", "surw", "pos", "coverage", "pct:3");

    private static final List<Scenario.Variant> ALL =
            List.of(
                    new Scenario.Variant(
                            "portfolio",
                            "random, surw, pos, coverage and pct:3 in turn (the default)"),
                    new Scenario.Variant("random", "every option with the same probability"),
                    new Scenario.Variant(
                            "pct:D",
                            "random priorities with D-1 changes, D from 1 to 64 (ASPLOS 2010); pct alone is pct:3"),
                    new Scenario.Variant("pos", "random priorities for operations (CAV 2018)"),
                    new Scenario.Variant(
                            "surw",
                            "uniform over the orders of one variable's operations (ASPLOS 2025)"),
                    new Scenario.Variant(
                            "coverage",
                            "keeps and varies schedules in which new pairs of operations met"),
                    new Scenario.Variant("optimal", "every trace once, then says so (POPL 2014)"),
                    new Scenario.Variant(
                            "bounded:K",
                            "every schedule with up to K preemptions, K from 0 to 64, equal states once (PLDI 2007)"),
                    new Scenario.Variant(
                            "delay:K",
                            "every schedule with up to K delays, K from 0 to 64 (POPL 2011)"),
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
        return named(name, seed, Part.WHOLE, new BoundedReduction.Shared());
    }

    /** Whether a strategy goes through a space in order, rather than sampling it. */
    static boolean isSystematic(String name) {
        return name.startsWith("bounded:") || name.startsWith("delay:") || isWhole(name);
    }

    /** Whether a strategy cannot be divided into parts. */
    static boolean isWhole(String name) {
        return name.equals("optimal") || name.equals("default");
    }

    static Strategy named(String name, long seed, Part part, BoundedReduction.Shared shared) {
        int colon = name.indexOf(':');
        String number = colon < 0 ? "" : name.substring(colon + 1);
        return switch (colon < 0 ? name : name.substring(0, colon + 1)) {
            case "portfolio" -> portfolio(seed);
            case "random" -> new RandomWalk(seed);
            case "pct" -> new Pct(seed, 3);
            case "pct:" -> new Pct(seed, number(name, number, "depth", 1));
            case "pos" -> new Pos(seed);
            case "surw" -> new Surw(seed);
            case "coverage" -> new CoverageGuided(seed);
            case "optimal" -> new OptimalSearch();
            case "bounded:" ->
                    new BoundedSearch(
                            BoundedSearch.Cost.PREEMPTIONS,
                            number(name, number, "bound", 0),
                            true,
                            part,
                            shared);
            case "delay:" ->
                    new BoundedSearch(
                            BoundedSearch.Cost.DELAYS,
                            number(name, number, "bound", 0),
                            false,
                            part,
                            shared);
            case "default" -> new Replay(List.of(), Replay.Mode.LENIENT);
            default ->
                    throw new IllegalArgumentException(
                            "no such strategy: strategy="
                                    + name
                                    + ", known="
                                    + ALL.stream().map(Scenario.Variant::name).toList());
        };
    }

    private static Portfolio portfolio(long seed) {
        List<Strategy> members = new ArrayList<>();
        for (String name : MEMBERS) {
            members.add(named(name, Xoroshiro.combine(seed, members.size() + 1L)));
        }
        return new Portfolio(members);
    }

    private static int number(String name, String text, String what, int least) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= MAX_DEPTH) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the " + what + " is no number: strategy=" + name, e);
        }
        throw new IllegalArgumentException(
                "the "
                        + what
                        + " is out of range: strategy="
                        + name
                        + ", range="
                        + least
                        + ".."
                        + MAX_DEPTH);
    }
}
