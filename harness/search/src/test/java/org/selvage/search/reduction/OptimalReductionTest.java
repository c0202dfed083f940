package org.selvage.search.reduction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.selvage.search.reduction.ModelProgram.Code;
import org.selvage.search.reduction.ModelProgram.Instruction;

/** The reduction against brute force over all interleavings of generated programs. */
class OptimalReductionTest {
    private static final int PROGRAMS = Integer.getInteger("selvage.reduction", 1_000);
    private static final long STEPS = 60_000L;

    /** What the generated programs are made of. */
    enum Mix {
        VARIABLES,
        LOCKS,
        TRIED_LOCKS,
        PARKING,
        DRAWS,
        FAILURES,
        UNDECLARED;

        Code[] codes() {
            Code r = Code.READ;
            Code w = Code.WRITE;
            Code l = Code.LOCK;
            Code u = Code.UNLOCK;
            return switch (this) {
                case VARIABLES -> new Code[] {r, w, Code.UPDATE};
                case LOCKS -> new Code[] {r, w, l, u, l, u};
                case TRIED_LOCKS -> new Code[] {r, w, l, u, Code.TRY_LOCK, u};
                case PARKING -> new Code[] {r, w, Code.PARK, Code.UNPARK, Code.UNPARK};
                case DRAWS -> new Code[] {r, w, Code.DRAW};
                case FAILURES -> new Code[] {r, w, Code.CHECK, l, u};
                case UNDECLARED -> new Code[] {r, w, Code.READ_THEN_WRITE_NEXT, l, u};
            };
        }

        /** Whether every execution is to have a trace of its own. */
        boolean isOptimal() {
            return this != FAILURES && this != UNDECLARED;
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsWhatBruteForceFinds(Mix mix) {
        compare(mix, false);
    }

    @ParameterizedTest
    @EnumSource
    void findsWhatBruteForceFindsWhenTasksStartAndJoin(Mix mix) {
        compare(mix, true);
    }

    /**
     * If the last task is woken before it parks, it does not wait: what it does next then is no
     * hint to what it does next when it is woken later.
     */
    @Test
    void aTaskThatIsWokenEarlierDoesSomethingElseNext() {
        Instruction park = new Instruction(Code.PARK, 0, 0);
        ModelProgram program =
                new ModelProgram(
                        new Instruction[][] {
                            {new Instruction(Code.UNPARK, 2, 0)},
                            {new Instruction(Code.UNPARK, 3, 0)},
                            {park},
                            {park, new Instruction(Code.UNPARK, 2, 0)}
                        },
                        false);
        ModelProgram.BruteForce all = new ModelProgram.BruteForce();
        assertThat(all.run(program, STEPS)).isTrue();
        ModelSearch search = new ModelSearch(program, 100_000L);
        assertThat(search.traces).isEqualTo(all.traces);
        assertThat(search.reduction.executions()).isEqualTo(all.traces.size());
    }

    private static void compare(Mix mix, boolean starts) {
        Code[] codes = mix.codes();
        int compared = 0;
        long traces = 0;
        for (int seed = 0; seed < PROGRAMS; seed++) {
            Random random = new Random(seed * 31L + mix.name().hashCode());
            int tasks = 2 + random.nextInt(3);
            int length = tasks == 4 ? 2 : tasks == 3 ? 3 : 5;
            ModelProgram program =
                    starts
                            ? ModelProgram.withStarts(random, codes, tasks, length)
                            : ModelProgram.random(random, codes, tasks, length);
            ModelProgram.BruteForce all = new ModelProgram.BruteForce();
            if (!all.run(program, STEPS)) {
                continue;
            }
            ModelSearch search = new ModelSearch(program, 100_000L);
            String name = "seed=" + seed + "\n" + program;
            assertThat(search.outcomes).as(name).isEqualTo(all.outcomes);
            assertThat(search.reduction.infeasible()).as(name).isZero();
            if (mix != Mix.FAILURES) {
                assertThat(search.traces).as(name).isEqualTo(all.traces);
            }
            long limit = 4L << seed % 4; // some are in the midst of it when they come to it
            OptimalReduction small = new OptimalReduction(!program.hasTails(), limit);
            ModelSearch crowded = new ModelSearch(program, 400_000L, small);
            assertThat(crowded.outcomes).as(name).isEqualTo(all.outcomes);
            assertThat(small.begin()).as(name).isFalse();
            if (mix.isOptimal()) {
                assertThat(search.reduction.executions()).as(name).isEqualTo(all.traces.size());
                assertThat(search.reduction.irregular()).as(name).isZero();
            }
            compared++;
            traces += all.traces.size();
        }
        assertThat(compared).isGreaterThan(PROGRAMS * 9 / 10);
        assertThat(traces).isGreaterThan(compared);
    }
}
