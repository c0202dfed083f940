package org.selvage.engine.tablespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.selvage.engine.FailureBox;
import org.selvage.engine.LowerFloor;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PendingOperationsTest {
    @Test
    void countsAcquiresAndReleases() {
        PendingOperations word = new PendingOperations();
        assertThat(word.acquire()).isTrue();
        assertThat(word.acquire()).isTrue();
        assertThat(word.count()).isEqualTo(2);
        word.release();
        assertThat(word.count()).isEqualTo(1);
        assertThat(word.isStopping()).isFalse();
    }

    @Test
    void stopRefusesNewOperationsAndKeepsTheCount() {
        PendingOperations word = new PendingOperations();
        word.acquire();
        assertThat(word.stop()).isTrue();
        assertThat(word.stop()).isFalse();
        assertThat(word.acquire()).isFalse();
        assertThat(word.count()).isEqualTo(1);
        word.release();
        assertThat(word.count()).isZero();
        assertThat(word.isStopping()).isTrue();
    }

    @Test
    void releasingMoreThanWasAcquiredIsAnError() {
        PendingOperations word = new PendingOperations();
        assertThatThrownBy(word::release).isInstanceOf(IllegalStateException.class);
        PendingOperations stopped = new PendingOperations();
        stopped.stop();
        assertThatThrownBy(stopped::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void manyThreadsEndAtZeroAndNobodyEntersAfterTheDrain() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            PendingOperations word = new PendingOperations();
            AtomicBoolean drained = new AtomicBoolean();
            AtomicLong entered = new AtomicLong();
            FailureBox failures = new FailureBox();
            Thread[] users = new Thread[6];
            for (int i = 0; i < users.length; i++) {
                users[i] =
                        LowerFloor.start(
                                "user", failures, () -> useUntilStopped(word, drained, entered));
            }
            LowerFloor.await(() -> entered.get() > 100);
            assertThat(word.stop()).isTrue();
            LowerFloor.await(() -> word.count() == 0);
            drained.set(true);
            failures.join(users);
            assertThat(word.count()).isZero();
        }
    }

    private static void useUntilStopped(
            PendingOperations word, AtomicBoolean drained, AtomicLong entered) {
        while (word.acquire()) {
            entered.incrementAndGet();
            assertThat(drained).isFalse();
            word.release();
        }
    }
}
