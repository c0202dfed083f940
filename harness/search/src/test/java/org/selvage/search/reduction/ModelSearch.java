package org.selvage.search.reduction;

import java.util.HashSet;
import java.util.Set;

/** Runs a model program under the reduction. */
final class ModelSearch {
    final Set<Long> traces = new HashSet<>();
    final Set<String> outcomes = new HashSet<>();
    final OptimalReduction reduction;
    long repeated;

    ModelSearch(ModelProgram program, long limit) {
        this(program, limit, new OptimalReduction(!program.hasTails()));
    }

    ModelSearch(ModelProgram program, long limit, OptimalReduction reduction) {
        this.reduction = reduction;
        for (long i = 0; i < limit && reduction.begin(); i++) {
            execute(program);
        }
    }

    private void execute(ModelProgram program) {
        ModelProgram.State state = new ModelProgram.State(program);
        int n = state.pc.length;
        int[] last = {0};
        OptimalReduction.Options options =
                new OptimalReduction.Options() {
                    @Override
                    public int preferred() {
                        for (int i = 0; i < n; i++) {
                            if (state.isEnabled((last[0] + i) % n)) {
                                return (last[0] + i) % n;
                            }
                        }
                        throw new IllegalStateException();
                    }

                    @Override
                    public boolean isEnabled(int task) {
                        return state.isEnabled(task);
                    }
                };
        ModelProgram.State.Sink sink =
                new ModelProgram.State.Sink() {
                    @Override
                    public void access(int access) {
                        reduction.access(access);
                    }

                    @Override
                    public int draw(int count) {
                        return reduction.draw(count);
                    }

                    @Override
                    public void enables(int task) {
                        reduction.enables(task);
                    }
                };
        while (true) {
            boolean any = false;
            for (int t = 0; t < n; t++) {
                any |= state.isEnabled(t);
                state.declare(t, reduction.declare(t));
                int joined = state.joined(t);
                if (joined >= 0) {
                    reduction.endEnables(joined, t);
                }
            }
            if (!any) {
                break;
            }
            int task = reduction.next(options, Integer.MAX_VALUE);
            state.step(task, -1, sink);
            last[0] = task;
            if (state.isDone(task)) {
                reduction.finish(task);
            }
        }
        Ints enabled = new Ints(n);
        if (state.failure >= 0) {
            int failure = state.failure;
            state.failure = -1;
            for (int t = 0; t < n; t++) {
                if (state.isEnabled(t)) {
                    enabled.add(t);
                }
            }
            state.failure = failure;
        }
        reduction.end(enabled);
        if (!traces.add(state.traceHash())) {
            repeated++;
        }
        outcomes.add(state.outcome());
    }
}
