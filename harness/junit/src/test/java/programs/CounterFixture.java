package programs;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.selvage.junit.InterleavingTest;

/** Tests that InterleavingTestTest runs; by itself Surefire passes it over. */
public class CounterFixture {
    private AtomicInteger counter = new AtomicInteger(-1);

    /** Runs inside each execution. */
    @BeforeEach
    void begin() {
        counter = new AtomicInteger();
    }

    /** Loses an update in some interleavings. */
    @InterleavingTest(executions = 500)
    void losesAnUpdate() throws InterruptedException {
        twice(() -> counter.set(counter.get() + 1));
    }

    /** Is right in all. */
    @InterleavingTest(executions = 500)
    void isAtomic() throws InterruptedException {
        twice(counter::incrementAndGet);
    }

    private void twice(Runnable increment) throws InterruptedException {
        Thread a = new Thread(increment);
        Thread b = new Thread(increment);
        a.start();
        b.start();
        a.join();
        b.join();
        if (counter.get() != 2) {
            throw new AssertionError("lost update: counter=" + counter.get());
        }
    }
}
