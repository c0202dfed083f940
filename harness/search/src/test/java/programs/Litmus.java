package programs;

/** Litmus tests over volatile variables. Each returns what its tasks read. */
public final class Litmus {
    private volatile int x;
    private volatile int y;

    private Litmus() {}

    /** Store buffering. */
    public static String storeBuffering() throws InterruptedException {
        Litmus m = new Litmus();
        int[] r = new int[2];
        Tasks.run(
                () -> {
                    m.x = 1;
                    r[0] = m.y;
                },
                () -> {
                    m.y = 1;
                    r[1] = m.x;
                });
        return r[0] + " " + r[1];
    }

    /** Message passing. */
    public static String messagePassing() throws InterruptedException {
        Litmus m = new Litmus();
        int[] r = new int[2];
        Tasks.run(
                () -> {
                    m.x = 1;
                    m.y = 1;
                },
                () -> {
                    r[0] = m.y;
                    r[1] = m.x;
                });
        return r[0] + " " + r[1];
    }

    /** Coherence: two readers of two writes. */
    public static String coherence() throws InterruptedException {
        Litmus m = new Litmus();
        int[] r = new int[4];
        Tasks.run(
                () -> m.x = 1,
                () -> m.x = 2,
                () -> {
                    r[0] = m.x;
                    r[1] = m.x;
                },
                () -> {
                    r[2] = m.x;
                    r[3] = m.x;
                });
        return r[0] + " " + r[1] + " " + r[2] + " " + r[3];
    }

    /** Load buffering. */
    public static String loadBuffering() throws InterruptedException {
        Litmus m = new Litmus();
        int[] r = new int[2];
        Tasks.run(
                () -> {
                    r[0] = m.y;
                    m.x = 1;
                },
                () -> {
                    r[1] = m.x;
                    m.y = 1;
                });
        return r[0] + " " + r[1];
    }

    /** Independent reads of independent writes. */
    public static String independentReads() throws InterruptedException {
        Litmus m = new Litmus();
        int[] r = new int[4];
        Tasks.run(
                () -> m.x = 1,
                () -> m.y = 1,
                () -> {
                    r[0] = m.x;
                    r[1] = m.y;
                },
                () -> {
                    r[2] = m.y;
                    r[3] = m.x;
                });
        return r[0] + " " + r[1] + " " + r[2] + " " + r[3];
    }

    /** Two increments that are each a read and a write. */
    public static String readModifyWrite() throws InterruptedException {
        Litmus m = new Litmus();
        int[] r = new int[3];
        Tasks.run(
                () -> {
                    r[0] = m.x;
                    m.x = r[0] + 1;
                },
                () -> {
                    r[1] = m.x;
                    m.x = r[1] + 1;
                });
        r[2] = m.x;
        return r[0] + " " + r[1] + " " + r[2];
    }
}
