package programs;

/** Runs on without a point, until somebody outside ends it. */
public final class Endless {
    private static volatile boolean isReleased;

    private Endless() {}

    /** Starts a thread that turns without end. */
    public static void run() throws InterruptedException {
        Tasks.run(Endless::turn);
    }

    private static void turn() {
        long turns = 0;
        while (!isReleased) {
            turns++;
        }
        Tasks.check(turns >= 0, "too many");
    }

    /** Lets it end. */
    public static void release() {
        isReleased = true;
    }
}
