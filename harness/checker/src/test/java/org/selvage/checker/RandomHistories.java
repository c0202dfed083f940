package org.selvage.checker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.History;
import org.selvage.checker.history.HistoryRecorder;
import org.selvage.checker.history.Operation;
import org.selvage.checker.specification.Specification;

/**
 * Small histories: half of them responses at random, half the responses of a real object at
 * linearization points inside the intervals, sometimes with one of them changed.
 */
final class RandomHistories<S> {
    private final Specification<S> specification;
    private final List<Operation> alphabet;
    private final Random random;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private boolean crashes;
    private boolean recoverable;
    private boolean unique;

    RandomHistories(Specification<S> specification, long seed) {
        this.specification = specification;
        this.alphabet = Alphabet.of(specification);
        this.random = new Random(seed);
    }

    /** Crashes take the object back to its state at the last barrier now and then. */
    RandomHistories<S> withLostSuffixes() {
        crashes = true;
        recoverable = true;
        return this;
    }

    RandomHistories<S> withCrashes() {
        crashes = true;
        return this;
    }

    /** Each value is written once, so that exact algorithms apply. */
    RandomHistories<S> withUniqueValues() {
        unique = true;
        return this;
    }

    History next(int operations, int processes) {
        recorder.clear();
        S state = specification.initial();
        boolean honest = random.nextBoolean();
        List<Operation> written = new ArrayList<>();
        @Nullable Operation[] open = new @Nullable Operation[processes];
        boolean[] placed = new boolean[processes];
        int left = operations;
        int idle = processes;
        boolean barrier = false;
        S atBarrier = state;
        while (left > 0 || idle < processes) {
            int process = random.nextInt(processes);
            Operation current = open[process];
            if (current == null) {
                if (left > 0) {
                    Operation drawn = draw(written);
                    left--;
                    if (drawn != null) {
                        open[process] = drawn;
                        placed[process] = false;
                        idle--;
                        recorder.invoke(process, drawn.function(), drawn.argument());
                    }
                }
            } else if (honest && !placed[process]) {
                Operation answered = answer(state, current);
                if (answered != null) {
                    open[process] = answered;
                    placed[process] = true;
                    state = specification.steps(state, answered).getFirst();
                } else {
                    recorder.fail(process);
                    open[process] = null;
                    idle++;
                }
            } else {
                finish(process, current);
                open[process] = null;
                idle++;
            }
            if (crashes && !barrier && random.nextInt(8) == 0) {
                recorder.barrierInvoked(processes);
                barrier = true;
                atBarrier = state;
            }
            if (barrier && random.nextInt(2) == 0) {
                recorder.barrierReturned(processes);
                barrier = false;
            }
            if (crashes && random.nextInt(6) == 0) {
                crash(open);
                barrier = false;
                state = recoverable && random.nextBoolean() ? atBarrier : state;
                idle = processes;
            }
        }
        return recorder.history();
    }

    private void crash(@Nullable Operation[] open) {
        recorder.crash();
        recorder.recovered();
        Arrays.fill(open, null);
    }

    private void finish(int process, Operation current) {
        int draw = random.nextInt(20);
        if (draw == 0) {
            recorder.unknown(process);
        } else if (draw == 1) {
            recorder.fail(process);
        } else if (draw == 2) {
            Operation other = Alphabet.draw(alphabet, random);
            recorder.ok(
                    process,
                    other.function().equals(current.function())
                            ? other.response()
                            : current.response());
        } else {
            recorder.ok(process, current.response());
        }
    }

    private @Nullable Operation draw(List<Operation> written) {
        Operation drawn = Alphabet.draw(alphabet, random);
        if (!unique) {
            return drawn;
        }
        Operation call = Operation.pending(drawn.function(), drawn.argument());
        boolean writes =
                !specification.readOnly(drawn)
                        && drawn.argument() != null
                        && drawn.response() == null;
        if (writes && written.contains(call)) {
            return null;
        }
        written.add(call);
        return drawn;
    }

    /**
     * The same call with a response that is legal in the state, or null when the alphabet has none.
     */
    private @Nullable Operation answer(S state, Operation call) {
        List<Operation> legal = new ArrayList<>();
        for (Operation candidate : alphabet) {
            if (candidate.function().equals(call.function())
                    && Objects.equals(candidate.argument(), call.argument())
                    && !specification.steps(state, candidate).isEmpty()) {
                legal.add(candidate);
            }
        }
        return legal.isEmpty() ? null : legal.get(random.nextInt(legal.size()));
    }
}
