package org.selvage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunQueueTest {
    /**
     * Against a sorted set, over random additions and removals; 64 and 128 are the edges of a word.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 128, 200})
    void behavesAsASortedSet(int tasks) {
        Random random = new Random(tasks);
        RunQueue queue = new RunQueue();
        TreeSet<Integer> model = new TreeSet<>();
        for (int i = 0; i < 3_000; i++) {
            int id = random.nextInt(tasks);
            if (model.remove(id)) {
                queue.remove(id);
            } else {
                model.add(id);
                queue.add(id);
            }
            assertThat(queue.count()).isEqualTo(model.size());
            if (!model.isEmpty()) {
                checkAfter(queue, model, random.nextInt(tasks));
                checkSelect(queue, model, random.nextInt(model.size()));
            }
        }
    }

    private static void checkAfter(RunQueue queue, NavigableSet<Integer> model, int id) {
        Integer higher = model.higher(id);
        assertThat(queue.after(id)).isEqualTo(higher == null ? model.first() : higher);
    }

    private static void checkSelect(RunQueue queue, NavigableSet<Integer> model, int except) {
        Integer left = model.stream().skip(except).findFirst().orElseThrow();
        int rank = 0;
        for (int id : model) {
            if (id != left) {
                assertThat(queue.select(rank++, left)).isEqualTo(id);
            }
        }
    }

    @Test
    void isEmptyAfterClear() {
        RunQueue queue = new RunQueue();
        queue.add(3);
        queue.add(70);
        queue.clear();
        assertThat(queue.count()).isZero();
        assertThatThrownBy(() -> queue.after(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesARankBeyondTheEnd() {
        RunQueue queue = new RunQueue();
        queue.add(1);
        queue.add(2);
        assertThatThrownBy(() -> queue.select(1, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
