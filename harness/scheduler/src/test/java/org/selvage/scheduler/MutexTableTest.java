package org.selvage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutexTableTest {
    /** Objects that are all equal: only their identity tells them apart. */
    private record Same() {}

    @Test
    void oneMutexForEachIdentity() {
        MutexTable table = new MutexTable();
        List<Object> objects = new ArrayList<>();
        List<Mutex> mutexes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Object object = new Same();
            objects.add(object);
            assertThat(table.find(object)).isNull();
            mutexes.add(table.of(object));
        }
        for (int i = 0; i < objects.size(); i++) {
            assertThat(table.of(objects.get(i))).isSameAs(mutexes.get(i));
            assertThat(table.find(objects.get(i))).isSameAs(mutexes.get(i));
            assertThat(mutexes.get(i).object).isSameAs(objects.get(i));
        }
    }

    @Test
    void forgetsAllWhenCleared() {
        MutexTable table = new MutexTable();
        Object object = new Object();
        Mutex before = table.of(object);
        before.holds = 3;
        before.observed = true;
        before.isReleased = true;
        before.clock = new int[] {1, 2};
        table.clear();
        assertThat(table.find(object)).isNull();
        Mutex after = table.of(object);
        assertThat(after.holds).isZero();
        assertThat(after.observed).isFalse();
        assertThat(after.isReleased).isFalse();
        assertThat(after.clock).containsOnly(0);
    }
}
