package programs.right;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import programs.Tasks;

/** Threads from their start to their end, timers, and what belongs to a thread. */
public final class ThreadLife {
    private static final ScopedValue<String> USER = ScopedValue.newInstance();
    private static final ScopedValue<Integer> LEVEL = ScopedValue.newInstance();

    private int value;

    private ThreadLife() {}

    /** What a thread did is seen by who joins it; what was done before its start is seen by it. */
    public static String startAndJoin() throws InterruptedException {
        ThreadLife p = new ThreadLife();
        p.value = 1;
        Thread thread = new Thread(() -> p.value = p.value * 10);
        Tasks.check(thread.getState() == Thread.State.NEW && !thread.isAlive(), "new");
        thread.start();
        thread.join();
        Tasks.check(p.value == 10, "value=" + p.value);
        Tasks.check(thread.getState() == Thread.State.TERMINATED && !thread.isAlive(), "ended");
        return "";
    }

    /** The same through isAlive. */
    public static String awaitDeath() throws InterruptedException {
        ThreadLife p = new ThreadLife();
        Thread thread = Tasks.start("t", () -> p.value = 7);
        while (thread.isAlive()) {
            Thread.onSpinWait();
        }
        Tasks.check(p.value == 7, "value=" + p.value);
        return "";
    }

    /** Joins with time limits of every form. */
    public static String timedJoins() throws InterruptedException {
        Thread thread = Tasks.start("t", () -> Thread.sleep(10_000));
        thread.join(1_000);
        Tasks.check(thread.isAlive(), "alive after a second");
        thread.join(1_000, 1);
        Tasks.check(!thread.join(Duration.ofSeconds(1)), "alive after three");
        Tasks.check(thread.join(Duration.ofDays(1)), "dead after a day");
        TimeUnit.SECONDS.timedJoin(thread, 1);
        return "";
    }

    /** Sleeps of every form, in the order of their length. */
    public static String sleeps() throws InterruptedException {
        StringBuffer seen = new StringBuffer();
        Tasks.run(
                () -> {
                    Thread.sleep(Duration.ofMillis(30));
                    seen.append('c');
                },
                () -> {
                    TimeUnit.MILLISECONDS.sleep(20);
                    seen.append('b');
                },
                () -> {
                    Thread.sleep(9, 999_999);
                    seen.append('a');
                });
        Tasks.check(seen.toString().equals("abc"), "seen=" + seen);
        return "";
    }

    /** An interrupt is seen once by whoever waits, and by a flag that stays. */
    public static String interrupts() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        Thread sleeper =
                Tasks.start(
                        "s",
                        () -> {
                            try {
                                Thread.sleep(1_000_000);
                            } catch (InterruptedException e) {
                                seen.addAndGet(Thread.currentThread().isInterrupted() ? 100 : 1);
                            }
                        });
        Thread parker =
                Tasks.start(
                        "p",
                        () -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                LockSupport.park();
                            }
                            seen.addAndGet(Thread.interrupted() ? 10 : 100);
                        });
        sleeper.interrupt();
        parker.interrupt();
        sleeper.join();
        parker.join();
        Tasks.check(seen.get() == 11, "seen=" + seen);
        return "";
    }

    /** A flag that stops a loop. */
    public static String stopFlag() throws InterruptedException {
        Worker worker = new Worker();
        worker.start();
        Thread.sleep(10);
        worker.stopped = true;
        worker.join();
        Tasks.check(worker.rounds >= 0, "stopped");
        return "";
    }

    private static final class Worker extends Thread {
        private volatile boolean stopped;
        private int rounds;

        @Override
        public void run() {
            while (!stopped) {
                rounds++;
                Thread.yield();
            }
        }
    }

    /** Daemons go with the last thread that is none. */
    public static String daemons() {
        Thread daemon =
                new Thread(() -> {
                    while (true) {
                        LockSupport.park();
                    }
                });
        daemon.setDaemon(true);
        daemon.start();
        Thread other = new Thread(() -> Tasks.check(daemon.isDaemon(), "a daemon"));
        other.start();
        return "";
    }

    /** A thread's own handler, its group's and the default one. */
    public static String handlers() throws InterruptedException {
        List<String> seen = new ArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> seen.add("default " + e.getMessage()));
        Runnable fails =
                () -> {
                    throw new IllegalStateException("x");
                };
        Thread own = new Thread(fails);
        own.setUncaughtExceptionHandler((t, e) -> seen.add("own " + e.getMessage()));
        own.start();
        own.join();
        ThreadGroup group =
                new ThreadGroup("g") {
                    @Override
                    public void uncaughtException(Thread t, Throwable e) {
                        seen.add("group " + e.getMessage());
                    }
                };
        Thread inGroup = new Thread(group, fails);
        inGroup.start();
        inGroup.join();
        Thread plain = new Thread(fails);
        plain.start();
        plain.join();
        Thread.setDefaultUncaughtExceptionHandler(null);
        Tasks.check(seen.equals(List.of("own x", "group x", "default x")), "seen=" + seen);
        return "";
    }

    /** A default handler is there for one execution, whoever forgets to take it back. */
    public static String defaultHandler() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        Tasks.check(Thread.getDefaultUncaughtExceptionHandler() == null, "left behind");
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> seen.incrementAndGet());
        Runnable fails =
                () -> {
                    throw new IllegalStateException("x");
                };
        Thread a = new Thread(fails);
        Thread b = Thread.startVirtualThread(fails);
        a.start();
        a.join();
        b.join();
        Tasks.check(seen.get() == 2, "seen=" + seen);
        return "";
    }

    /** Who is in a group. */
    public static String groups() throws InterruptedException {
        ThreadGroup group = new ThreadGroup("g");
        CountDownLatch end = new CountDownLatch(1);
        Runnable waits =
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        end.countDown();
                    }
                };
        Thread a = new Thread(group, waits, "a");
        Thread b = new Thread(group, waits, "b");
        a.start();
        b.start();
        Thread[] threads = new Thread[4];
        Tasks.check(group.activeCount() == 2 && group.enumerate(threads) == 2, "two");
        group.interrupt();
        a.join();
        b.join();
        Tasks.check(group.activeCount() == 0, "none");
        return "";
    }

    /** Waits for the threads of a group to end by counting them. */
    public static String awaitGroup() throws InterruptedException {
        ThreadGroup group = new ThreadGroup("g");
        ThreadLife p = new ThreadLife();
        Thread thread = new Thread(group, () -> p.value = 7);
        thread.start();
        while (group.activeCount() > 0) {
            Thread.onSpinWait();
        }
        Tasks.check(p.value == 7, "value=" + p.value);
        return "";
    }

    /** Builders and factories, of threads of both kinds. */
    public static String builders() throws InterruptedException {
        AtomicInteger sum = new AtomicInteger();
        ThreadFactory virtual = Thread.ofVirtual().name("v", 0).factory();
        Thread a = virtual.newThread(() -> sum.addAndGet(1));
        Thread b = virtual.newThread(() -> sum.addAndGet(2));
        Thread c = Thread.ofPlatform().name("p").daemon().unstarted(() -> sum.addAndGet(4));
        a.start();
        b.start();
        c.start();
        Tasks.check(a.getName().equals("v0") && b.getName().equals("v1"), "names");
        Tasks.check(a.isDaemon() && a.isVirtual() && c.isDaemon() && !c.isVirtual(), "kinds");
        a.join();
        b.join();
        c.join();
        Tasks.check(sum.get() == 7, "sum=" + sum);
        return "";
    }

    /** Virtual threads wait in every way. */
    public static String virtualWaits() throws InterruptedException {
        Object monitor = new Object();
        ThreadLife p = new ThreadLife();
        CountDownLatch latch = new CountDownLatch(1);
        Thread waiter =
                Thread.startVirtualThread(() -> {
                    try {
                        Thread.sleep(10);
                        latch.await();
                        synchronized (monitor) {
                            while (p.value == 0) {
                                monitor.wait();
                            }
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        latch.countDown();
        synchronized (monitor) {
            p.value = 1;
            monitor.notifyAll();
        }
        waiter.join();
        Tasks.check(waiter.getState() == Thread.State.TERMINATED, "ended");
        return "";
    }

    /** Thread locals are each thread's own; inheritable ones begin as the parent's. */
    public static String locals() throws InterruptedException {
        ThreadLocal<List<String>> own = ThreadLocal.withInitial(ArrayList::new);
        InheritableThreadLocal<String> handed =
                new InheritableThreadLocal<>() {
                    @Override
                    protected String childValue(String parent) {
                        return parent + "'s child";
                    }
                };
        handed.set("main");
        own.get().add("main");
        Tasks.Body body =
                () -> {
                    own.get().add("x");
                    Thread.yield();
                    Tasks.check(own.get().size() == 1, "another's");
                    Tasks.check(handed.get().equals("main's child"), handed.get());
                    own.remove();
                    Tasks.check(own.get().isEmpty(), "removed");
                };
        Tasks.run(body, body);
        Tasks.check(own.get().equals(List.of("main")), "" + own.get());
        return "";
    }

    /** Scoped values are bound for the time of a call, in each thread by itself. */
    public static String scopedValues() throws InterruptedException {
        Tasks.Body body =
                () -> {
                    String name = Thread.currentThread().getName();
                    ScopedValue.where(USER, name)
                            .where(LEVEL, 1)
                            .run(() -> {
                                Thread.yield();
                                ScopedValue.where(LEVEL, 2)
                                        .run(() -> {
                                            Thread.yield();
                                            Tasks.check(LEVEL.get() == 2, "level");
                                            Tasks.check(USER.get().equals(name), USER.get());
                                        });
                                Tasks.check(LEVEL.get() == 1, "level");
                            });
                    Tasks.check(!USER.isBound() && USER.orElse("none").equals("none"), "bound");
                };
        Tasks.run(body, body);
        return "";
    }

    /** A timer's tasks run one after the other, until they or the timer are cancelled. */
    public static String timers() throws InterruptedException {
        AtomicInteger ticks = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        Timer timer = new Timer("timer", true);
        timer.scheduleAtFixedRate(
                new TimerTask() {
                    @Override
                    public void run() {
                        ticks.incrementAndGet();
                        three.countDown();
                        if (three.getCount() == 0) {
                            cancel();
                        }
                    }
                },
                10,
                10);
        TimerTask never =
                new TimerTask() {
                    @Override
                    public void run() {
                        ticks.addAndGet(100);
                    }
                };
        timer.schedule(never, 1_000_000);
        three.await();
        Tasks.check(never.cancel() && timer.purge() >= 0, "cancelled before its time");
        Thread.sleep(2_000_000);
        timer.cancel();
        Tasks.check(ticks.get() == 3, "ticks=" + ticks);
        return "";
    }

    /** Shutdown hooks run when the program ends, and exit with 0 is a good end. */
    public static String exits() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        Runtime.getRuntime().addShutdownHook(new Thread(ran::incrementAndGet));
        Thread forever = Tasks.start("t", () -> Thread.sleep(1_000_000_000L));
        Tasks.check(forever.isAlive() && ran.get() == 0, "not yet");
        System.exit(0);
        return "";
    }

    /** Spins until another thread has gone on. */
    public static String spinWait() throws InterruptedException {
        AtomicInteger turn = new AtomicInteger();
        Tasks.run(
                () -> {
                    while (turn.get() != 1) {
                        Thread.onSpinWait();
                    }
                    turn.set(2);
                },
                () -> {
                    turn.set(1);
                    while (turn.get() != 2) {
                        Thread.yield();
                    }
                });
        return "";
    }

    /** Each state of a thread, as another sees it. */
    public static String states() throws InterruptedException {
        Object monitor = new Object();
        Thread blocked =
                new Thread(() -> {
                    synchronized (monitor) {
                        Thread.yield();
                    }
                });
        AtomicInteger end = new AtomicInteger();
        Thread parked =
                new Thread(() -> {
                    while (end.get() == 0) {
                        LockSupport.park();
                    }
                });
        synchronized (monitor) {
            blocked.start();
            parked.start();
            await(blocked, Thread.State.BLOCKED);
            await(parked, Thread.State.WAITING);
        }
        end.set(1);
        LockSupport.unpark(parked);
        parked.join();
        blocked.join();
        Tasks.check(parked.getState() == Thread.State.TERMINATED, "ended");
        return "";
    }

    private static void await(Thread thread, Thread.State state) {
        while (thread.getState() != state) {
            Thread.onSpinWait();
        }
    }
}
