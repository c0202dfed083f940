package org.selvage.search;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A small program for {@code programs.LitmusMachine}, and what sequential consistency allows it,
 * found out by trying all interleavings of its operations.
 *
 * <p>Threads are divided by bars. An operation is a letter, a variable (x or y), and the value that
 * is written: {@code W} and {@code R} write and read a volatile field, {@code P} and {@code Q} a
 * plain one, {@code F} and {@code G} the final field of an object behind a plain one, {@code E} and
 * {@code T} an element of an array; {@code A} adds one to an atomic variable, {@code C} sets it if
 * it is 0, {@code I} adds one to a volatile field in two steps; {@code L} and {@code U} enter and
 * leave a monitor. What is read is noted, for each thread by itself.
 *
 * <p>Some loop until they are done: {@code S}, {@code V} and {@code Y} until a volatile field has a
 * value, {@code Z} until a plain one has, {@code K} until it could set an atomic variable that was
 * 0, which {@code J} sets to 0 again, {@code H} until it got a lock, which {@code B} unlocks. Here
 * they wait.
 */
public final class LitmusCode {
    /** The threads of the program that is searched now. */
    public static String[] threads = {};

    private static final String WRITING = "WPFE";
    private static final String READING = "RQGT";

    private static final String SPINNING = "SVYZKH";

    private boolean bounded;
    private final String[][] code;
    private final Set<String> outcomes = new TreeSet<>();
    private final Set<String> seen = new HashSet<>();

    private LitmusCode(String text) {
        code =
                Arrays.stream(text.split("\\|"))
                        .map(thread -> thread.strip().split(" +"))
                        .toArray(String[][]::new);
    }

    /** Every outcome that a program may have: what each thread reads, or that it is a deadlock. */
    static Set<String> allowed(String text) {
        LitmusCode program = new LitmusCode(text);
        int n = program.code.length;
        String[] read = new String[n];
        Arrays.fill(read, "");
        program.interleave(new int[n], new int[10], new int[] {-1, -1, -1, -1}, read, -1, 0);
        return program.outcomes;
    }

    /** Every outcome that a program may have with so many preemptions at most. */
    static Set<String> allowed(String text, int bound) {
        LitmusCode program = new LitmusCode(text);
        program.bounded = true;
        int n = program.code.length;
        String[] read = new String[n];
        Arrays.fill(read, "");
        program.interleave(new int[n], new int[10], new int[] {-1, -1, -1, -1}, read, -1, bound);
        return program.outcomes;
    }

    /** Steps are told apart: {@code I} reads at its even position and writes at its odd one. */
    private void interleave(
            int[] at, int[] memory, int[] owner, String[] read, int current, int left) {
        String state = List.of(read) + Arrays.toString(at) + Arrays.toString(memory);
        if (!seen.add(bounded ? state + current + " " + left : state)) {
            return;
        }
        boolean ended = true;
        boolean stuck = true;
        boolean spins = false;
        boolean goesOn =
                current >= 0
                        && at[current] / 2 < code[current].length
                        && step(current, at.clone(), memory.clone(), owner.clone(), read.clone());
        for (int thread = 0; thread < code.length; thread++) {
            if (at[thread] / 2 == code[thread].length) {
                continue;
            }
            ended = false;
            int[] position = at.clone();
            int[] changed = memory.clone();
            int[] owns = owner.clone();
            String[] noted = read.clone();
            spins |= SPINNING.indexOf(code[thread][at[thread] / 2].charAt(0)) >= 0;
            int price = bounded && goesOn && thread != current ? 1 : 0;
            if (step(thread, position, changed, owns, noted)) {
                stuck = false;
                if (price <= left) {
                    interleave(position, changed, owns, noted, thread, left - price);
                }
            }
        }
        if (ended) {
            outcomes.add(String.join(" ", read));
        } else if (stuck) {
            outcomes.add(spins ? "livelock" : "deadlock");
        }
    }

    private boolean step(int thread, int[] at, int[] memory, int[] owner, String[] read) {
        String operation = code[thread][at[thread] / 2];
        char kind = operation.charAt(0);
        int name = operation.charAt(1) - 'x';
        int which = cell(kind) + name;
        boolean first = at[thread] % 2 == 0;
        at[thread] += kind == 'I' ? 1 : 2;
        switch (kind) {
            case 'L' -> {
                if (owner[name] >= 0) {
                    return false;
                }
                owner[name] = thread;
            }
            case 'U' -> owner[name] = -1;
            case 'S', 'V', 'Y', 'Z' -> {
                return memory[(kind == 'Z' ? 2 : 0) + name] == operation.charAt(2) - '0';
            }
            case 'K' -> {
                if (memory[which] != 0) {
                    return false;
                }
                memory[which] = operation.charAt(2) - '0';
            }
            case 'J' -> memory[which] = 0;
            case 'H' -> {
                if (owner[2 + name] >= 0) {
                    return false;
                }
                owner[2 + name] = thread;
            }
            case 'B' -> owner[2 + name] = -1;
            case 'A' -> read[thread] += memory[which]++;
            case 'C' -> {
                read[thread] += memory[which] == 0 ? "t" : "f";
                if (memory[which] == 0) {
                    memory[which] = operation.charAt(2) - '0';
                }
            }
            case 'I' -> {
                if (first) {
                    read[thread] += memory[which];
                } else {
                    String noted = read[thread];
                    memory[which] = noted.charAt(noted.length() - 1) - '0' + 1;
                }
            }
            default -> {
                if (WRITING.indexOf(kind) >= 0) {
                    memory[which] = operation.charAt(2) - '0';
                } else {
                    read[thread] += memory[which];
                }
            }
        }
        return true;
    }

    private static int cell(char kind) {
        int index = Math.max(WRITING.indexOf(kind), READING.indexOf(kind));
        return index >= 0 ? 2 * index : kind == 'I' ? 0 : 8;
    }

    /** A program of two or three threads with up to seven operations together. */
    static String random(long seed) {
        return random(seed, KINDS);
    }

    /** One in which threads wait in loops. */
    static String randomWithLoops(long seed) {
        return random(seed, LOOPS);
    }

    private static String random(long seed, String[] of) {
        Random random = new Random(seed);
        int threads = 2 + random.nextInt(2);
        String kinds = of[random.nextInt(of.length)];
        StringBuilder text = new StringBuilder();
        for (int thread = 0; thread < threads; thread++) {
            text.append(thread == 0 ? "" : " | ");
            int count = 1 + random.nextInt(threads == 2 ? 3 : 2);
            boolean guarded = random.nextInt(5) == 0;
            char monitor = variable(random);
            text.append(guarded ? "L" + monitor + " " : "");
            for (int i = 0; i < count; i++) {
                char kind = kinds.charAt(random.nextInt(kinds.length()));
                char variable = variable(random);
                text.append(i == 0 ? "" : " ").append(kind).append(variable);
                if (WRITING.indexOf(kind) >= 0 || kind == 'C') {
                    text.append(1 + random.nextInt(2));
                } else if (SPINNING.indexOf(kind) >= 0 && kind != 'H') {
                    text.append(1 + random.nextInt(kind == 'K' ? 2 : 1));
                }
                if ((kind == 'H' || kind == 'K') && random.nextInt(4) > 0) {
                    text.append(kind == 'H' ? " B" : " J").append(variable);
                }
            }
            text.append(guarded ? " U" + monitor : "");
        }
        return text.toString();
    }

    /**
     * One in which a thread writes plain fields before a volatile one, and another reads a volatile
     * field, often not the same one, before the plain fields: all of one object.
     */
    static String randomWithFields(long seed) {
        Random random = new Random(seed);
        String first = fields(random, "PPQ") + " " + fields(random, "WWI");
        String second = fields(random, "RRI") + " " + fields(random, "QQP");
        String more = random.nextInt(3) == 0 ? " | " + fields(random, "WRPQ") : "";
        return first + " | " + second + more;
    }

    /** One or two accesses of kinds that are drawn from these. */
    private static String fields(Random random, String kinds) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3) / 2; i >= 0; i--) {
            char kind = kinds.charAt(random.nextInt(kinds.length()));
            text.append(kind).append(variable(random));
            text.append(WRITING.indexOf(kind) >= 0 ? "1" : "").append(i > 0 ? " " : "");
        }
        return text.toString();
    }

    private static final String[] KINDS = {
        "WR", "PQ", "WRPQ", "FG", "ET", "AC", "WRAI", "WPFERQGT"
    };

    private static final String[] LOOPS = {
        "WRSV", "WRY", "PQZ", "KA", "KRW", "HRW", "WSVYKHI", "WPZYKC"
    };

    private static char variable(Random random) {
        return random.nextBoolean() ? 'x' : 'y';
    }
}
