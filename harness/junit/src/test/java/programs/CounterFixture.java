package programs;

import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.selvage.junit.InterleavingTest;

/** Tests that InterleavingTestTest runs; by itself Surefire passes it over. */
public class CounterFixture {
    private static final List<String> SEEN = new ArrayList<>();
    private static int executions;

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

    /** Would fail in the second execution if statics lived on. */
    @InterleavingTest(executions = 100)
    void findsFreshStatics() throws InterruptedException {
        twice(counter::incrementAndGet);
        SEEN.add("this one");
        if (SEEN.size() != 1 || ++executions != 1) {
            throw new AssertionError("executions=" + executions + SEEN);
        }
    }

    /** One preemption loses the update. */
    @InterleavingTest(strategy = "bounded", bound = 1, executions = 500)
    void losesAnUpdateWithinABound() throws InterruptedException {
        twice(() -> counter.set(counter.get() + 1));
    }

    /** Without one it is not lost. */
    @InterleavingTest(strategy = "bounded", bound = 0, executions = 500)
    void losesNothingWithinABound() throws InterruptedException {
        twice(() -> counter.set(counter.get() + 1));
    }

    /** Fails after the test. */
    @InterleavingTest(executions = 50)
    void leavesSomethingBehind() throws InterruptedException {
        twice(counter::incrementAndGet);
        counter.set(-1);
    }

    /** Does the same when it is repeated. */
    @InterleavingTest(executions = 50, verifyDeterminism = true)
    void repeats() throws InterruptedException {
        twice(counter::incrementAndGet);
    }

    /** Does something else each time, and is right all the same. */
    @InterleavingTest(executions = 50, verifyDeterminism = true)
    void differs() throws InterruptedException {
        for (int turn = nextTurn(); turn > 0; turn--) {
            counter.get();
        }
        twice(counter::incrementAndGet);
    }

    /** Fails in one execution only. */
    @InterleavingTest(executions = 50)
    void failsOnce() throws InterruptedException {
        twice(counter::incrementAndGet);
        if (nextTurn() == 1) {
            throw new IllegalStateException("the first turn");
        }
    }

    /** 1, 2 and so on: the JVM remembers it from one execution to the next. */
    private static int nextTurn() {
        int turn = 1;
        while (!URLConnection.getDefaultUseCaches("turn" + turn)) {
            turn++;
        }
        URLConnection.setDefaultUseCaches("turn" + turn, false);
        return turn;
    }

    /** Has the next turn be the first one. */
    static void beginTurns() {
        for (int turn = 1; !URLConnection.getDefaultUseCaches("turn" + turn); turn++) {
            URLConnection.setDefaultUseCaches("turn" + turn, true);
        }
    }

    /** Runs inside each execution. */
    @AfterEach
    void end() {
        if (counter.get() < 0) {
            throw new IllegalStateException("left behind: counter=" + counter.get());
        }
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
