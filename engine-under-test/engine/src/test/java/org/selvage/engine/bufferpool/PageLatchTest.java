package org.selvage.engine.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.selvage.engine.FailureBox;
import org.selvage.engine.LowerFloor;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PageLatchTest {
    private final PageLatch latch = new PageLatch(null);
    private final FailureBox failures = new FailureBox();

    @Test
    void readersShareAndWritersExclude() {
        latch.lockS();
        assertThat(latch.tryLockS()).isTrue();
        assertThat(latch.tryLockX()).isFalse();
        latch.unlockS();
        assertThat(latch.tryLockX()).isFalse();
        latch.unlockS();
        assertThat(latch.tryLockX()).isTrue();
        assertThat(latch.tryLockS()).isFalse();
        assertThat(latch.tryLockX()).isFalse();
        latch.unlockX();
        assertThat(latch.isLocked()).isFalse();
    }

    @Test
    void releasingWhatIsNotHeldIsAnError() {
        assertThatThrownBy(latch::unlockS).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(latch::unlockX).isInstanceOf(IllegalStateException.class);
        latch.lockS();
        assertThatThrownBy(latch::unlockX).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherThreadMayReleaseAndWakesAllWaiters() throws InterruptedException {
        latch.lockX();
        Thread[] readers = new Thread[3];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = LowerFloor.start("reader", failures, latch::lockS);
        }
        for (Thread reader : readers) {
            LowerFloor.await(() -> reader.getState() == Thread.State.WAITING);
        }
        Thread releaser = LowerFloor.start("releaser", failures, latch::unlockX);
        failures.join(releaser);
        failures.join(readers);
        assertThat(latch.tryLockX()).isFalse();
        for (int i = 0; i < readers.length; i++) {
            latch.unlockS();
        }
        assertThat(latch.tryLockX()).isTrue();
    }

    @Test
    void interruptIsKeptForTheWaiter() throws InterruptedException {
        latch.lockX();
        boolean[] interrupted = new boolean[1];
        Thread waiter =
                LowerFloor.start(
                        "waiter",
                        failures,
                        () -> {
                            latch.lockS();
                            interrupted[0] = Thread.interrupted();
                        });
        LowerFloor.await(() -> waiter.getState() == Thread.State.WAITING);
        waiter.interrupt();
        latch.unlockX();
        failures.join(waiter);
        assertThat(interrupted[0]).isTrue();
    }

    private long first;
    private long second;

    @Test
    void writersAreAloneAmongManyReadersAndWriters() throws InterruptedException {
        int rounds = 20_000;
        Thread[] threads = new Thread[6];
        for (int t = 0; t < threads.length; t++) {
            boolean writer = t % 2 == 0;
            threads[t] = LowerFloor.start("t" + t, failures, () -> useLatch(writer, rounds));
        }
        failures.join(threads);
        assertThat(first).isEqualTo(3L * rounds);
        assertThat(latch.isLocked()).isFalse();
    }

    private void useLatch(boolean writer, int rounds) {
        for (int i = 0; i < rounds; i++) {
            if (writer) {
                latch.lockX();
                first++;
                second++;
                latch.unlockX();
            } else {
                latch.lockS();
                assertThat(first == second).isTrue();
                latch.unlockS();
            }
        }
    }
}
