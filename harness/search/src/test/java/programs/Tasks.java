package programs;

/** Starts threads and waits for them. */
public final class Tasks {
    private Tasks() {}

    /** What a thread runs. */
    public interface Body {
        void run() throws Exception;
    }

    /** A started thread; what it throws is a failure. */
    public static Thread start(String name, Body body) {
        Thread thread = new Thread(() -> runUnchecked(body), name);
        thread.start();
        return thread;
    }

    private static void runUnchecked(Body body) {
        try {
            body.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs the bodies side by side, as t0, t1 and so on, and waits for all. */
    public static void run(Body... bodies) throws InterruptedException {
        Thread[] threads = new Thread[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            Body body = bodies[i];
            threads[i] = new Thread(() -> runUnchecked(body), "t" + i);
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Fails with this message unless the condition holds. */
    public static void check(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
