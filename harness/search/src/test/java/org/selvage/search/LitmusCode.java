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
 */
public final class LitmusCode {
    /** The threads of the program that is searched now. */
    public static String[] threads = {};

    private static final String WRITING = "WPFE";
    private static final String READING = "RQGT";

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
        program.interleave(new int[n], new int[10], new int[] {-1, -1}, read);
        return program.outcomes;
    }

    /** Steps are told apart: {@code I} reads at its even position and writes at its odd one. */
    private void interleave(int[] at, int[] memory, int[] owner, String[] read) {
        if (!seen.add(List.of(read) + Arrays.toString(at) + Arrays.toString(memory))) {
            return;
        }
        boolean ended = true;
        boolean stuck = true;
        for (int thread = 0; thread < code.length; thread++) {
            if (at[thread] / 2 == code[thread].length) {
                continue;
            }
            ended = false;
            int[] position = at.clone();
            int[] changed = memory.clone();
            int[] owns = owner.clone();
            String[] noted = read.clone();
            if (step(thread, position, changed, owns, noted)) {
                stuck = false;
                interleave(position, changed, owns, noted);
            }
        }
        if (ended) {
            outcomes.add(String.join(" ", read));
        } else if (stuck) {
            outcomes.add("deadlock");
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
        Random random = new Random(seed);
        int threads = 2 + random.nextInt(2);
        String kinds = KINDS[random.nextInt(KINDS.length)];
        StringBuilder text = new StringBuilder();
        for (int thread = 0; thread < threads; thread++) {
            text.append(thread == 0 ? "" : " | ");
            int count = 1 + random.nextInt(threads == 2 ? 3 : 2);
            boolean guarded = random.nextInt(5) == 0;
            char monitor = variable(random);
            text.append(guarded ? "L" + monitor + " " : "");
            for (int i = 0; i < count; i++) {
                char kind = kinds.charAt(random.nextInt(kinds.length()));
                text.append(i == 0 ? "" : " ").append(kind).append(variable(random));
                if (WRITING.indexOf(kind) >= 0 || kind == 'C') {
                    text.append(1 + random.nextInt(2));
                }
            }
            text.append(guarded ? " U" + monitor : "");
        }
        return text.toString();
    }

    private static final String[] KINDS = {
        "WR", "PQ", "WRPQ", "FG", "ET", "AC", "WRAI", "WPFERQGT"
    };

    private static char variable(Random random) {
        return random.nextBoolean() ? 'x' : 'y';
    }
}
