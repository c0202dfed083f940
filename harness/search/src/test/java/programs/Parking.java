package programs;

import java.util.concurrent.locks.LockSupport;

/** {@link LockSupport}. */
public final class Parking {
    private volatile boolean flag;
    private volatile int stage;

    private Parking() {}

    /** A permit that comes first is kept, but only one. */
    public static String permit() throws InterruptedException {
        LockSupport.unpark(Thread.currentThread());
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park();
        long begin = System.nanoTime();
        LockSupport.parkNanos(1_000_000_000L);
        return "" + (System.nanoTime() - begin >= 1_000_000_000L);
    }

    /** An unpark ends a park, whichever comes first. */
    public static String unpark() throws InterruptedException {
        Parking p = new Parking();
        Thread parked =
                Tasks.start(
                        "parked",
                        () -> {
                            while (!p.flag) {
                                LockSupport.park(p);
                            }
                        });
        p.flag = true;
        LockSupport.unpark(parked);
        parked.join();
        return "done";
    }

    /** Without the unpark the thread may stay parked. */
    public static String forgottenUnpark() throws InterruptedException {
        Parking p = new Parking();
        Thread parked =
                Tasks.start(
                        "parked",
                        () -> {
                            while (!p.flag) {
                                LockSupport.park(p);
                            }
                        });
        p.flag = true;
        parked.join();
        return "done";
    }

    /** A permit is used up by the first park; a second park needs a second one. */
    public static String onePermitForTwo() throws InterruptedException {
        Thread parked =
                Tasks.start(
                        "parked",
                        () -> {
                            LockSupport.park();
                            LockSupport.park();
                        });
        LockSupport.unpark(parked);
        LockSupport.unpark(parked);
        parked.join();
        return "done";
    }

    /** An interrupt ends a park, leaves the flag set, and makes later parks return at once. */
    public static String interrupt() throws InterruptedException {
        Parking p = new Parking();
        Thread parked =
                Tasks.start(
                        "parked",
                        () -> {
                            LockSupport.park();
                            LockSupport.park();
                            p.flag = Thread.interrupted();
                        });
        parked.interrupt();
        parked.join();
        return "" + p.flag;
    }

    /** parkUntil and parkNanos end by themselves; a negative time ends at once. */
    public static String timed() {
        long begin = System.currentTimeMillis();
        LockSupport.parkUntil(begin + 2_000);
        LockSupport.parkUntil(begin - 2_000);
        LockSupport.parkNanos("blocker", 1_000_000_000L);
        LockSupport.parkNanos(-5L);
        LockSupport.parkNanos(0L);
        return "" + (System.currentTimeMillis() - begin) / 1_000;
    }

    /** A thread that has not been started keeps no permit, and unparking null does nothing. */
    public static String unstarted() throws InterruptedException {
        Thread thread = new Thread(() -> LockSupport.parkNanos(1_000L));
        LockSupport.unpark(thread);
        LockSupport.unpark(null);
        thread.start();
        thread.join();
        return "done";
    }

    /** Two threads hand a token over by park and unpark. */
    public static String pingPong() throws InterruptedException {
        Parking p = new Parking();
        Thread[] threads = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int mine = i;
            threads[i] =
                    new Thread(
                            () -> {
                                for (int round = 0; round < 3; round++) {
                                    while (p.stage % 2 != mine) {
                                        LockSupport.park();
                                    }
                                    p.stage = p.stage + 1;
                                    LockSupport.unpark(threads[1 - mine]);
                                }
                            },
                            "p" + i);
        }
        threads[0].start();
        threads[1].start();
        threads[0].join();
        threads[1].join();
        return "" + p.stage;
    }

    /** The blocker of a parked thread can be asked for. */
    public static String blocker() throws InterruptedException {
        Parking p = new Parking();
        Thread parked = Tasks.start("parked", () -> LockSupport.park("blocker"));
        while (parked.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
        Object blocker = LockSupport.getBlocker(parked);
        LockSupport.unpark(parked);
        parked.join();
        return blocker + " " + p.stage;
    }
}
