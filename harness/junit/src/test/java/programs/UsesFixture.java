package programs;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.selvage.junit.InterleavingTest;

/** Interleaving tests beside other parts of JUnit, which UsesTest runs. */
public final class UsesFixture {
    private UsesFixture() {}

    static void both(Runnable body) throws InterruptedException {
        Thread a = new Thread(body);
        Thread b = new Thread(body);
        a.start();
        b.start();
        a.join();
        b.join();
    }

    /** Alone or beside other annotations. */
    public static class Plain {
        /** Is not run. */
        @Disabled("as an example")
        @InterleavingTest
        void disabled() {
            throw new AssertionError("was run");
        }

        /** Comes to no end by itself. */
        @Timeout(value = 300, unit = TimeUnit.MILLISECONDS)
        @InterleavingTest(strategy = "random", executions = Long.MAX_VALUE, budget = "10h")
        void tooLong() throws InterruptedException {
            both(new AtomicInteger()::incrementAndGet);
        }

        /** Repeats itself twice. */
        @RepeatedTest(2)
        @InterleavingTest
        void repeated() throws InterruptedException {
            both(new AtomicInteger()::incrementAndGet);
        }

        /** Wants to know its name. */
        @InterleavingTest
        void withParameter(TestInfo info) throws InterruptedException {
            both(info::getDisplayName);
        }

        /** Starts no thread. */
        @InterleavingTest
        void alone() {}

        /** Its assumption never holds. */
        @InterleavingTest(executions = 20)
        void neverAssumed() throws InterruptedException {
            AtomicInteger count = new AtomicInteger();
            both(count::incrementAndGet);
            Assumptions.assumeTrue(count.get() == 3, "three");
        }

        /** Its assumption holds in some executions, and the test fails in these. */
        @InterleavingTest(executions = 200)
        void sometimesAssumed() throws InterruptedException {
            AtomicInteger count = new AtomicInteger();
            both(() -> count.set(count.get() + 1));
            Assumptions.assumeTrue(count.get() == 1, "a lost update");
            throw new AssertionError("assumed");
        }

        /** Reads a socket's address on the way. */
        @InterleavingTest(executions = 200)
        void reachesOutside() throws Exception {
            AtomicInteger count = new AtomicInteger();
            new java.net.ServerSocket(0).close();
            both(() -> count.set(count.get() + 1));
            if (count.get() != 2) {
                throw new AssertionError("count=" + count);
            }
        }
    }

    /** Wrong values, one each. */
    public static class WrongValues {
        @InterleavingTest(strategy = "fastest")
        void strategy() {}

        @InterleavingTest(strategy = "pct", bound = 65)
        void bound() {}

        @InterleavingTest(executions = 0)
        void executions() {}

        @InterleavingTest(budget = "soon")
        void budget() {}
    }

    /** What is set for all tests is set for each execution. */
    public static class Statics {
        private static AtomicInteger shared;
        private static boolean isOpen;

        /** Once in each execution. */
        @BeforeAll
        static void open() {
            shared = new AtomicInteger(5);
            isOpen = true;
        }

        /** Adds two. */
        @InterleavingTest(executions = 50)
        void addsTwo() throws InterruptedException {
            both(shared::incrementAndGet);
            if (shared.get() != 7) {
                throw new AssertionError("shared=" + shared);
            }
        }

        /** Fails with open only. */
        @AfterAll
        static void close() {
            if (!isOpen || (shared.get() != 5 && shared.get() != 7)) {
                throw new IllegalStateException("not open: shared=" + shared);
            }
        }
    }

    /** One instance for all methods of an execution. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    public static class PerClass {
        private final AtomicInteger count = new AtomicInteger();

        /** On the test's instance. */
        @BeforeAll
        void begin() {
            count.set(10);
        }

        /** Adds two. */
        @InterleavingTest(executions = 50)
        void addsTwo() throws InterruptedException {
            both(count::incrementAndGet);
            if (count.get() != 12) {
                throw new AssertionError("count=" + count);
            }
        }
    }

    /** With a test class inside. */
    public static class Outer {
        private AtomicInteger count = new AtomicInteger(-100);

        /** Before what the inner class has. */
        @BeforeEach
        void begin() {
            count = new AtomicInteger(10);
        }

        /** Inside. */
        @Nested
        class Inner {
            /** After what the outer class has. */
            @BeforeEach
            void next() {
                count.addAndGet(5);
            }

            /** Adds two. */
            @InterleavingTest(executions = 50)
            void addsTwo() throws InterruptedException {
                both(count::incrementAndGet);
                if (count.get() != 17) {
                    throw new AssertionError("count=" + count);
                }
            }

            /** Leaves too much to the outer class. */
            @InterleavingTest(executions = 50)
            void leavesMore() throws InterruptedException {
                both(count::incrementAndGet);
                count.set(100);
            }
        }

        /** After what the inner class has. */
        @AfterEach
        void end() {
            if (count.get() > 17) {
                throw new IllegalStateException("left behind: count=" + count);
            }
        }
    }
}
