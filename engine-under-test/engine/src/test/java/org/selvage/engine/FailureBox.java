package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Failures of the threads of a test. */
public final class FailureBox {
    private final List<Throwable> failures = new ArrayList<>();

    synchronized void add(Throwable failure) {
        failures.add(failure);
    }

    /** Joins the threads and checks that none failed. */
    public void join(Thread... threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        synchronized (this) {
            assertThat(failures).isEmpty();
        }
    }
}
