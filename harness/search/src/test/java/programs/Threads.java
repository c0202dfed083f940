package programs;

import java.util.ArrayList;
import java.util.List;

/** {@link Thread} itself. */
public final class Threads {
    private final List<String> log = new ArrayList<>();
    private volatile boolean flag;
    private volatile int value;
    private int unwound;

    private Threads() {}

    private synchronized void note(String text) {
        log.add(text);
    }

    /** join waits for the end and sees what was done. */
    public static String join() throws InterruptedException {
        int[] cell = {0};
        Thread thread = new Thread(() -> cell[0] = 7);
        thread.start();
        thread.join();
        thread.join();
        return cell[0] + " " + thread.isAlive();
    }

    /** The timed forms of join give up in virtual time. */
    public static String timedJoin() throws InterruptedException {
        Threads p = new Threads();
        Thread thread = new Thread(p::sleepLong);
        thread.setDaemon(true);
        thread.start();
        long begin = System.nanoTime();
        thread.join(1_000);
        thread.join(1_000, 10);
        boolean ended = thread.join(java.time.Duration.ofSeconds(2));
        return ended + " " + (System.nanoTime() - begin) / 1_000_000_000L + " " + thread.isAlive();
    }

    private void sleepLong() {
        try {
            Thread.sleep(1_000_000);
        } catch (InterruptedException e) {
            note("interrupted");
        }
    }

    /** A thread that was never started can be joined. */
    public static String joinUnstarted() throws InterruptedException {
        Thread thread = new Thread(() -> {});
        thread.join();
        return thread.getState() + " " + thread.isAlive();
    }

    /** Threads that join each other. */
    public static String joinDeadlock() throws InterruptedException {
        Thread main = Thread.currentThread();
        Tasks.run(main::join);
        return "";
    }

    /** An interrupt ends join. */
    public static String interruptedJoin() throws InterruptedException {
        Threads p = new Threads();
        Thread main = Thread.currentThread();
        Thread sleeper = new Thread(p::sleepLong);
        sleeper.start();
        Thread interrupter = Tasks.start("i", main::interrupt);
        String seen;
        try {
            sleeper.join();
            seen = "joined";
        } catch (InterruptedException e) {
            seen = "interrupted " + main.isInterrupted();
        }
        sleeper.interrupt();
        sleeper.join();
        interrupter.join();
        return seen + p.log;
    }

    /** An interrupt ends sleep, before or after it has begun. */
    public static String interruptedSleep() throws InterruptedException {
        Threads p = new Threads();
        Thread sleeper = new Thread(p::sleepLong);
        long begin = System.nanoTime();
        sleeper.start();
        sleeper.interrupt();
        sleeper.join();
        return p.log + " " + (System.nanoTime() - begin < 1_000_000_000L);
    }

    /** isInterrupted leaves the flag, interrupted clears it. */
    public static String interruptFlag() {
        Thread self = Thread.currentThread();
        self.interrupt();
        return self.isInterrupted()
                + " "
                + self.isInterrupted()
                + " "
                + Thread.interrupted()
                + " "
                + Thread.interrupted();
    }

    /** Loops that only ask for the thread's flag, its life or its state come to an end. */
    public static String polls() throws InterruptedException {
        Threads p = new Threads();
        Thread poller =
                Tasks.start(
                        "poller",
                        () -> {
                            while (!Thread.interrupted()) {
                                p.value = 1;
                            }
                            while (!Thread.currentThread().isInterrupted()) {
                                p.value = 2;
                            }
                        });
        while (p.value != 1) {
            Thread.onSpinWait();
        }
        poller.interrupt();
        while (p.value != 2) {
            Thread.onSpinWait();
        }
        poller.interrupt();
        while (poller.isAlive()) {
            Thread.onSpinWait();
        }
        while (poller.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        return "ended";
    }

    /** A loop that only asks whether a thread is alive lets that thread run. */
    public static String pollsAlone() throws InterruptedException {
        Thread thread = new Thread(() -> {});
        thread.start();
        int polls = 0;
        while (thread.isAlive()) {
            polls++;
        }
        Thread sleeper = Tasks.start("sleeper", () -> Thread.sleep(10));
        while (sleeper.getState() != Thread.State.TERMINATED) {
            polls++;
        }
        return "ended " + (polls >= 0);
    }

    /** The states of a thread's life. */
    public static String states() throws InterruptedException {
        Threads p = new Threads();
        Object lock = new Object();
        List<Thread.State> seen = new ArrayList<>();
        Thread thread =
                new Thread(() -> {
                    while (!p.flag) {
                        Thread.yield();
                    }
                    synchronized (lock) {
                        p.value++;
                    }
                    p.sleepLong();
                    synchronized (lock) {
                        try {
                            lock.wait();
                        } catch (InterruptedException e) {
                            p.note("waited");
                        }
                    }
                });
        seen.add(thread.getState());
        thread.start();
        seen.add(thread.getState());
        synchronized (lock) {
            p.flag = true;
            await(thread, Thread.State.BLOCKED);
        }
        await(thread, Thread.State.TIMED_WAITING);
        thread.interrupt();
        await(thread, Thread.State.WAITING);
        thread.interrupt();
        thread.join();
        seen.add(thread.getState());
        return seen + " " + p.log;
    }

    private static void await(Thread thread, Thread.State state) {
        while (thread.getState() != state) {
            Thread.yield();
        }
    }

    /** A thread can be started once. */
    public static String startTwice() throws InterruptedException {
        Thread thread = new Thread(() -> {});
        thread.start();
        StringBuilder seen = new StringBuilder();
        try {
            thread.start();
        } catch (IllegalThreadStateException e) {
            seen.append('a');
        }
        thread.join();
        try {
            thread.start();
        } catch (IllegalThreadStateException e) {
            seen.append('b');
        }
        return seen.toString();
    }

    /** The program ends when only daemons are left. */
    public static String daemon() {
        Thread thread =
                new Thread(() -> {
                    while (true) {
                        Thread.yield();
                    }
                });
        thread.setDaemon(true);
        thread.start();
        return "" + thread.isDaemon();
    }

    /** The program does not end before a thread that is no daemon. */
    public static String lastThread() {
        Threads p = new Threads();
        Thread thread =
                new Thread(() -> {
                    for (int i = 0; i < 5; i++) {
                        p.value = i;
                    }
                    throw new IllegalStateException("the last thread");
                });
        thread.start();
        return "" + thread.isDaemon();
    }

    /** A daemon that waits for ever is no deadlock. */
    public static String waitingDaemon() throws InterruptedException {
        Thread thread = new Thread(java.util.concurrent.locks.LockSupport::park);
        thread.setDaemon(true);
        thread.start();
        Thread.sleep(100);
        return "" + thread.isAlive();
    }

    /** An exception that nobody handles fails the program. */
    public static String uncaught() throws InterruptedException {
        Thread thread =
                new Thread(() -> {
                    throw new IllegalStateException("thrown");
                });
        thread.start();
        thread.join();
        return "";
    }

    /** A handler of the thread's own gets the exception, on the thread. */
    public static String uncaughtHandler() throws InterruptedException {
        Threads p = new Threads();
        Thread thread =
                new Thread(() -> {
                    throw new IllegalStateException("thrown");
                });
        thread.setUncaughtExceptionHandler(
                (t, e) -> p.note(e.getMessage() + " " + (t == Thread.currentThread())));
        thread.start();
        thread.join();
        return p.log + " " + thread.isAlive();
    }

    /** A failed assertion is a finding, whatever the handler does with it. */
    public static String assertionBesideHandler() throws InterruptedException {
        Thread thread =
                new Thread(() -> {
                    throw new AssertionError("does not hold");
                });
        thread.setUncaughtExceptionHandler((t, e) -> {});
        thread.start();
        thread.join();
        return "";
    }

    private static final class Worker extends Thread {
        private int result;

        Worker() {
            super("worker");
        }

        @Override
        public void run() {
            Thread.yield();
            result = currentThread() == this ? 1 : 2;
        }
    }

    /** A subclass runs its own run, as itself. */
    public static String subclass() throws InterruptedException {
        Worker worker = new Worker();
        worker.start();
        worker.join();
        return worker.result + " " + worker.getName();
    }

    /** Thread locals belong to their threads; inheritable ones are handed down. */
    public static String threadLocals() throws InterruptedException {
        Threads p = new Threads();
        ThreadLocal<Integer> own = ThreadLocal.withInitial(() -> 0);
        InheritableThreadLocal<String> handed = new InheritableThreadLocal<>();
        handed.set("main's");
        Tasks.Body body =
                () -> {
                    own.set(own.get() + 1);
                    Thread.yield();
                    own.set(own.get() + 1);
                    p.note(own.get() + handed.get());
                };
        Tasks.run(body, body);
        return p.log + " " + own.get();
    }

    /** Deep recursion ends with the error that it ends with on the JVM. */
    public static String stackOverflow() throws InterruptedException {
        Threads p = new Threads();
        try {
            p.recurse();
        } catch (StackOverflowError e) {
            Tasks.run(() -> p.note("still"), () -> p.note("still"));
            return p.log.toString();
        }
        return "";
    }

    /** Runs out of stack, and then touches shared state with ever more stack left. */
    private int recurse() {
        try {
            return recurse() + 1;
        } catch (StackOverflowError e) {
            if (unwound < 60) {
                unwound++;
                incrementTwice();
            }
            throw e;
        }
    }

    private synchronized void incrementTwice() {
        value = value + 1;
        synchronized (log) {
            value = value + 1;
        }
    }

    /** Threads that start threads. */
    public static String nestedStarts() throws InterruptedException {
        Threads p = new Threads();
        Tasks.run(
                () -> Tasks.run(() -> p.note("a"), () -> p.note("b")),
                () -> Tasks.run(() -> p.note("c")));
        return "" + p.log.size();
    }

    /** Seventy threads, more than one word of the run queue. */
    public static String manyThreads() throws InterruptedException {
        Threads p = new Threads();
        Tasks.Body[] bodies = new Tasks.Body[70];
        java.util.Arrays.fill(bodies, (Tasks.Body) () -> p.note("x"));
        Tasks.run(bodies);
        return "" + p.log.size();
    }
}
