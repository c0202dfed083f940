package org.selvage.search.reduction;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * A small concurrent program over shared variables and mutexes, interpreted step by step, and all
 * its interleavings by brute force.
 */
final class ModelProgram {
    /** What an instruction does to its variable. */
    enum Code {
        READ,
        WRITE,
        UPDATE,
        LOCK,
        UNLOCK,
        /** Takes the mutex if it is free; the next unlock does nothing otherwise. */
        TRY_LOCK,
        /** Reads, and draws one of three numbers. */
        DRAW,
        /**
         * Reads, and writes the next variable too if the register is odd: an access that was not
         * declared.
         */
        READ_THEN_WRITE_NEXT,
        /** Reads, and fails when the register has a certain value. */
        CHECK,
        /** Starts the task of this number. */
        START,
        /** Waits for the task of this number. */
        JOIN,
        /** Waits until another task wakes this one; remembers one earlier wake-up. */
        PARK,
        /** Wakes the task of this number. */
        UNPARK
    }

    record Instruction(Code code, int variable, int argument) {}

    static final int VARIABLES = 4;
    static final int MUTEXES = 2;

    /** Variable numbers: plain ones, then mutexes, then one wake-up permit for each task. */
    static final int PERMITS = VARIABLES + MUTEXES;

    final Instruction[][] code;
    final boolean startsTasks;

    ModelProgram(Instruction[][] code, boolean startsTasks) {
        this.code = code;
        this.startsTasks = startsTasks;
    }

    static ModelProgram random(Random random, Code[] codes, int tasks, int length) {
        Instruction[][] code = new Instruction[tasks][];
        for (int t = 0; t < tasks; t++) {
            Instruction[] body = new Instruction[1 + random.nextInt(length)];
            for (int i = 0; i < body.length; i++) {
                Code c = codes[random.nextInt(codes.length)];
                int range =
                        switch (c) {
                            case LOCK, UNLOCK, TRY_LOCK -> MUTEXES;
                            case UNPARK -> tasks;
                            default -> VARIABLES - 1;
                        };
                body[i] = new Instruction(c, random.nextInt(Math.min(2, range)), random.nextInt(4));
                if (c == Code.UNPARK) {
                    body[i] = new Instruction(c, random.nextInt(range), 0);
                }
            }
            code[t] = body;
        }
        return new ModelProgram(code, false);
    }

    /** The first task starts all others and joins them, in random order. */
    static ModelProgram withStarts(Random random, Code[] codes, int tasks, int length) {
        ModelProgram plain = random(random, codes, tasks, length);
        Instruction[] main = new Instruction[2 * (tasks - 1) + 1];
        for (int t = 1; t < tasks; t++) {
            main[t - 1] = new Instruction(Code.START, t, 0);
            main[tasks - 1 + tasks - 1 - t] = new Instruction(Code.JOIN, t, 0);
        }
        main[main.length - 1] = new Instruction(Code.READ, 0, 1);
        plain.code[0] = main;
        return new ModelProgram(plain.code, true);
    }

    /** One state of the program; copied by brute force. */
    static final class State {
        final ModelProgram program;
        final int[] pc;
        final int[] register;
        final boolean[][] holds;
        final int[] memory = new int[VARIABLES];
        final int[] owner = new int[MUTEXES];
        final boolean[] started;
        final boolean[] permit;
        final boolean[] parked;
        final long[] taskHash;
        final long[] writeHash;
        final long[] readHash;
        int failure = -1;

        State(ModelProgram program) {
            int n = program.code.length;
            this.program = program;
            pc = new int[n];
            register = new int[n];
            holds = new boolean[n][MUTEXES];
            started = new boolean[n];
            permit = new boolean[n];
            parked = new boolean[n];
            taskHash = new long[n];
            writeHash = new long[PERMITS + n];
            readHash = new long[PERMITS + n];
            Arrays.fill(owner, -1);
            for (int t = 0; t < n; t++) {
                started[t] = t == 0 || !program.startsTasks;
                taskHash[t] = t + 1L;
            }
        }

        State(State o) {
            program = o.program;
            pc = o.pc.clone();
            register = o.register.clone();
            holds = new boolean[o.holds.length][];
            for (int i = 0; i < holds.length; i++) {
                holds[i] = o.holds[i].clone();
            }
            System.arraycopy(o.memory, 0, memory, 0, VARIABLES);
            System.arraycopy(o.owner, 0, owner, 0, MUTEXES);
            started = o.started.clone();
            permit = o.permit.clone();
            parked = o.parked.clone();
            taskHash = o.taskHash.clone();
            writeHash = o.writeHash.clone();
            readHash = o.readHash.clone();
            failure = o.failure;
        }

        boolean isDone(int t) {
            return pc[t] >= program.code[t].length;
        }

        Instruction at(int t) {
            return program.code[t][pc[t]];
        }

        boolean isEnabled(int t) {
            if (failure >= 0 || !started[t] || isDone(t) || (parked[t] && !permit[t])) {
                return false;
            }
            Instruction i = at(t);
            return switch (i.code) {
                case LOCK -> owner[i.variable] < 0 || owner[i.variable] == t;
                case JOIN -> isDone(i.variable);
                default -> true;
            };
        }

        private void hash(int t, int variable, boolean read) {
            long h = mix(taskHash[t], writeHash[variable]);
            if (read) {
                taskHash[t] = h;
                readHash[variable] += mix(h, 7);
            } else {
                h = mix(h, readHash[variable]);
                taskHash[t] = h;
                writeHash[variable] = h;
                readHash[variable] = 0;
            }
        }

        static long mix(long a, long b) {
            long z = (a * 0x9E3779B97F4A7C15L) ^ Long.rotateLeft(b * 0xBF58476D1CE4E5B9L, 31);
            z = (z ^ (z >>> 29)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 32);
        }

        /** The hash of the trace so far: equal for equal traces. */
        long traceHash() {
            long sum = failure;
            for (int t = 0; t < taskHash.length; t++) {
                sum += mix(taskHash[t], t);
            }
            return sum;
        }

        String outcome() {
            if (failure >= 0) {
                return "failed " + failure;
            }
            return Arrays.toString(memory) + Arrays.toString(register) + Arrays.toString(pc);
        }

        /** What the reduction is told of a step. */
        interface Sink {
            Sink NONE =
                    new Sink() {
                        @Override
                        public void access(int access) {}

                        @Override
                        public int draw(int count) {
                            throw new IllegalStateException();
                        }

                        @Override
                        public void enables(int task) {}
                    };

            void access(int access);

            int draw(int count);

            void enables(int task);
        }

        /** The declared accesses of the next step of a task. */
        void declare(int t, Ints out) {
            if (isDone(t)) {
                return;
            }
            Instruction i = at(t);
            switch (i.code) {
                case READ, DRAW, READ_THEN_WRITE_NEXT, CHECK ->
                        out.add(Access.of(i.variable, Access.READ, isExposed(i.variable)));
                case WRITE, UPDATE ->
                        out.add(Access.of(i.variable, Access.WRITE, isExposed(i.variable)));
                case LOCK -> {
                    if (owner[i.variable] != t) {
                        out.add(Access.of(VARIABLES + i.variable, Access.ACQUIRE, false));
                    }
                }
                case UNLOCK -> {
                    if (holds[t][i.variable]) {
                        out.add(Access.of(VARIABLES + i.variable, Access.RELEASE, false));
                    }
                }
                case TRY_LOCK -> out.add(Access.of(VARIABLES + i.variable, Access.WRITE, false));
                case START, JOIN -> {}
                case PARK -> out.add(Access.of(PERMITS + t, Access.WRITE, false));
                case UNPARK -> out.add(Access.of(PERMITS + i.variable, Access.WRITE, false));
            }
        }

        private boolean isExposed(int variable) {
            return program.hasTails() && variable > 0;
        }

        int drawsOf(int t) {
            return at(t).code == Code.DRAW ? 3 : 0;
        }

        /** Runs one step. */
        void step(int t, int drawn, Sink sink) {
            Instruction i = at(t);
            int v = i.variable;
            int value = drawn;
            boolean next = true;
            switch (i.code) {
                case READ -> {
                    hash(t, v, true);
                    register[t] = (register[t] * 3 + memory[v] + i.argument) % 7;
                }
                case DRAW -> {
                    hash(t, v, true);
                    if (value < 0) {
                        value = sink.draw(3);
                    }
                    taskHash[t] = mix(taskHash[t], value);
                    register[t] = (register[t] + memory[v] + value) % 7;
                }
                case READ_THEN_WRITE_NEXT -> {
                    hash(t, v, true);
                    register[t] = (register[t] + memory[v] + i.argument) % 7;
                    if ((register[t] & 1) == 1) {
                        hash(t, v + 1, false);
                        sink.access(Access.of(v + 1, Access.WRITE, isExposed(v + 1)));
                        memory[v + 1] = register[t];
                    }
                }
                case CHECK -> {
                    hash(t, v, true);
                    register[t] = (register[t] + memory[v]) % 7;
                    if (register[t] == i.argument + 1) {
                        failure = t * 100 + pc[t];
                    }
                }
                case WRITE -> {
                    hash(t, v, false);
                    memory[v] = (register[t] + i.argument) % 7;
                }
                case UPDATE -> {
                    hash(t, v, false);
                    memory[v] = (memory[v] + i.argument + 1) % 7;
                    register[t] = memory[v];
                }
                case LOCK -> {
                    if (owner[v] != t) {
                        hash(t, VARIABLES + v, false);
                        owner[v] = t;
                        holds[t][v] = true;
                    }
                }
                case UNLOCK -> {
                    if (holds[t][v]) {
                        hash(t, VARIABLES + v, false);
                        owner[v] = -1;
                        holds[t][v] = false;
                    }
                }
                case TRY_LOCK -> {
                    hash(t, VARIABLES + v, false);
                    if (owner[v] < 0) {
                        owner[v] = t;
                        holds[t][v] = true;
                        sink.access(Access.of(VARIABLES + v, Access.TAKE, false));
                    }
                    register[t] = (register[t] + (owner[v] == t ? 1 : 0)) % 7;
                }
                case START -> {
                    started[v] = true;
                    taskHash[v] = mix(taskHash[v], taskHash[t]);
                    sink.enables(v);
                }
                case JOIN -> taskHash[t] = mix(taskHash[t], taskHash[v]);
                case PARK -> {
                    hash(t, PERMITS + t, false);
                    if (permit[t]) {
                        permit[t] = false;
                        parked[t] = false;
                    } else {
                        parked[t] = true;
                        next = false;
                    }
                }
                case UNPARK -> {
                    hash(t, PERMITS + v, false);
                    if (parked[v] && !permit[v]) {
                        sink.enables(v);
                    }
                    permit[v] = true;
                }
            }
            if (next) {
                pc[t]++;
            }
        }

        /** The ended task that a task joins next, or -1. */
        int joined(int t) {
            return !isDone(t) && at(t).code == Code.JOIN && isDone(at(t).variable)
                    ? at(t).variable
                    : -1;
        }
    }

    boolean hasTails() {
        for (Instruction[] body : code) {
            for (Instruction i : body) {
                if (i.code == Code.READ_THEN_WRITE_NEXT) {
                    return true;
                }
            }
        }
        return false;
    }

    /** All traces and outcomes, by running every interleaving; gives up above a limit of steps. */
    static final class BruteForce {
        final Set<Long> traces = new HashSet<>();
        final Set<String> outcomes = new HashSet<>();
        private long left;

        boolean run(ModelProgram program, long limit) {
            left = limit;
            visit(new State(program));
            return left > 0;
        }

        private void visit(State state) {
            if (--left < 0) {
                return;
            }
            boolean any = false;
            for (int t = 0; t < state.pc.length; t++) {
                if (state.isEnabled(t)) {
                    any = true;
                    int draws = state.drawsOf(t);
                    for (int value = 0; value < Math.max(1, draws); value++) {
                        State next = new State(state);
                        next.step(t, draws == 0 ? -1 : value, State.Sink.NONE);
                        visit(next);
                    }
                }
            }
            if (!any) {
                traces.add(state.traceHash());
                outcomes.add(state.outcome());
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Instruction[] body : code) {
            text.append(Arrays.toString(body)).append('\n');
        }
        return text.toString();
    }
}
