package programs.wrong;

import java.lang.reflect.Proxy;
import java.util.Timer;
import java.util.TimerTask;
import java.util.Vector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Phaser;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import programs.Fails;
import programs.Races;
import programs.Tasks;

/** Each primitive in a use that is wrong in some interleaving. */
public final class Uses {
    private int value;
    private int other;
    private volatile boolean flag;

    private Uses() {}

    /** An optimistic read that nobody validates. */
    public static String unvalidatedRead() throws InterruptedException {
        Uses p = new Uses();
        StampedLock lock = new StampedLock();
        Tasks.run(
                () -> {
                    long stamp = lock.writeLock();
                    p.value++;
                    p.other++;
                    lock.unlockWrite(stamp);
                },
                () -> {
                    lock.tryOptimisticRead();
                    Tasks.check(p.value == p.other, "torn");
                });
        return "";
    }

    /** Written under the read lock. */
    public static String writesAsReader() throws InterruptedException {
        Uses p = new Uses();
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        Tasks.Body body =
                () -> {
                    lock.readLock().lock();
                    p.value++;
                    lock.readLock().unlock();
                };
        Tasks.run(body, body);
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    /** Asks whether a queue is empty, and takes. */
    @Fails("deadlock:")
    public static String emptyThenTake() throws InterruptedException {
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
        queue.put(1);
        Tasks.Body body =
                () -> {
                    if (!queue.isEmpty()) {
                        queue.take();
                    }
                };
        Tasks.run(body, body);
        return "";
    }

    /** Asks for room, and adds. */
    @Fails("java.lang.IllegalStateException: Deque full")
    public static String roomThenAdd() throws InterruptedException {
        LinkedBlockingDeque<Integer> deque = new LinkedBlockingDeque<>(1);
        Tasks.Body body =
                () -> {
                    if (deque.remainingCapacity() > 0) {
                        deque.addFirst(1);
                    }
                };
        Tasks.run(body, body);
        return "";
    }

    /** A hand-over that is offered before its taker is there. */
    @Fails("deadlock:")
    public static String offerTooEarly() throws InterruptedException {
        SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        Tasks.run(() -> queue.offer(1), queue::take);
        return "";
    }

    /** Three meet where two swap. */
    @Fails("deadlock:")
    public static String oddExchange() throws InterruptedException {
        Exchanger<Integer> exchanger = new Exchanger<>();
        Tasks.Body body = () -> exchanger.exchange(1);
        Tasks.run(body, body, body);
        return "";
    }

    /** A party is registered by the thread that is to arrive. */
    public static String lateRegistration() throws InterruptedException {
        Phaser phaser = new Phaser(1);
        AtomicInteger done = new AtomicInteger();
        Tasks.start(
                "p",
                () -> {
                    phaser.register();
                    done.incrementAndGet();
                    phaser.arriveAndDeregister();
                });
        phaser.arriveAndAwaitAdvance();
        Tasks.check(done.get() == 1, "not done");
        return "";
    }

    /** A barrier is reset while somebody waits at it. */
    @Fails("java.lang.IllegalStateException: java.util.concurrent.BrokenBarrierException")
    public static String resetTooEarly() throws InterruptedException {
        CyclicBarrier barrier = new CyclicBarrier(2);
        Tasks.run(barrier::await, barrier::await, barrier::reset);
        return "";
    }

    /** Two permits taken one by one. */
    @Fails("deadlock:")
    public static String oneByOne() throws InterruptedException {
        return Races.permits();
    }

    /** Counts down before it has done its work. */
    public static String countsTooEarly() throws InterruptedException {
        Uses p = new Uses();
        CountDownLatch latch = new CountDownLatch(1);
        Tasks.run(
                () -> {
                    latch.countDown();
                    p.value = 1;
                },
                () -> {
                    latch.await();
                    Tasks.check(p.value == 1, "not yet");
                });
        return "";
    }

    /** Signals one of two who wait for different things. */
    @Fails("deadlock:")
    public static String signalsTheWrongOne() throws InterruptedException {
        Uses p = new Uses();
        ReentrantLock lock = new ReentrantLock();
        Condition changed = lock.newCondition();
        Tasks.run(
                () -> {
                    lock.lock();
                    while (p.value != 1) {
                        changed.await();
                    }
                    lock.unlock();
                },
                () -> {
                    lock.lock();
                    while (p.other != 1) {
                        changed.await();
                    }
                    lock.unlock();
                },
                () -> {
                    lock.lock();
                    p.value = 1;
                    changed.signal();
                    lock.unlock();
                    lock.lock();
                    p.other = 1;
                    changed.signal();
                    lock.unlock();
                });
        return "";
    }

    /** Awaits without looking again. */
    public static String awaitsOnce() throws InterruptedException {
        Uses p = new Uses();
        ReentrantLock lock = new ReentrantLock();
        Condition changed = lock.newCondition();
        Tasks.Body taker =
                () -> {
                    lock.lock();
                    if (p.value == 0) {
                        changed.await();
                    }
                    p.value--;
                    Tasks.check(p.value >= 0, "taken twice");
                    lock.unlock();
                };
        Tasks.run(
                taker,
                taker,
                () -> {
                    lock.lock();
                    p.value++;
                    changed.signalAll();
                    lock.unlock();
                },
                () -> {
                    lock.lock();
                    p.value++;
                    changed.signalAll();
                    lock.unlock();
                });
        return "";
    }

    /** Looks into a map and puts. */
    public static String containsThenPut() throws InterruptedException {
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        Tasks.Body body =
                () -> {
                    Integer seen = map.get(1);
                    map.put(1, seen == null ? 1 : seen + 1);
                };
        Tasks.run(body, body);
        Tasks.check(map.get(1) == 2, "" + map);
        return "";
    }

    /** A vector asked for its size, then for its last element. */
    @Fails("java.util.NoSuchElementException")
    public static String sizeThenGet() throws InterruptedException {
        Vector<Integer> vector = new Vector<>();
        vector.add(1);
        Tasks.run(
                () -> {
                    if (!vector.isEmpty()) {
                        vector.lastElement();
                    }
                },
                vector::clear);
        return "";
    }

    /** Whoever is later counts on being first. */
    public static String completedTwice() throws InterruptedException {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        Tasks.run(() -> future.complete(1), () -> Tasks.check(future.complete(2), "too late"));
        return "";
    }

    /** A stage that is taken to run before the caller goes on. */
    public static String asyncStage() {
        Uses p = new Uses();
        CompletableFuture<Void> stage = CompletableFuture.runAsync(() -> p.value = 1);
        Tasks.check(p.value == 1, "not yet");
        stage.join();
        return "";
    }

    /** A timer's task and the main thread count without a guard. */
    public static String timerRace() throws InterruptedException {
        Uses p = new Uses();
        CountDownLatch latch = new CountDownLatch(1);
        Timer timer = new Timer(true);
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        p.value++;
                        latch.countDown();
                    }
                },
                0);
        p.value++;
        latch.await();
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    /** Work of a scheduled pool that shares a counter with its caller. */
    public static String scheduledRace() throws Exception {
        Uses p = new Uses();
        try (var pool = Executors.newScheduledThreadPool(2)) {
            pool.schedule(() -> p.value++, 1, TimeUnit.SECONDS);
            pool.schedule(() -> p.value++, 1, TimeUnit.SECONDS);
        }
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    /** Virtual threads that share a counter. */
    public static String virtualRace() {
        Uses p = new Uses();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            pool.submit(() -> p.value++);
            pool.submit(() -> p.value++);
        }
        Tasks.check(p.value == 2, "value=" + p.value);
        return "";
    }

    /** A sum that is read while others add to it. */
    public static String adderRead() throws InterruptedException {
        LongAdder adder = new LongAdder();
        Tasks.Body body =
                () -> {
                    adder.increment();
                    long seen = adder.sum();
                    Tasks.check(seen == 1 || seen == 2, "seen=" + seen);
                    if (seen == 1) {
                        adder.increment();
                    }
                };
        Tasks.run(body, body);
        Tasks.check(adder.sum() == 3, "sum=" + adder);
        return "";
    }

    /** A waiter parks without looking again: the permit went to another wait. */
    public static String parksTwice() throws InterruptedException {
        Uses p = new Uses();
        Thread waiter =
                Tasks.start(
                        "w",
                        () -> {
                            LockSupport.park();
                            Tasks.check(p.flag, "not yet");
                        });
        Thread other = Tasks.start("o", () -> LockSupport.unpark(waiter));
        p.flag = true;
        LockSupport.unpark(waiter);
        other.join();
        waiter.join();
        return "";
    }

    /** An interrupt that comes before the wait it was meant for. */
    @Fails("deadlock: main joining on w")
    public static String swallowedInterrupt() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Thread worker =
                Tasks.start(
                        "w",
                        () -> {
                            Thread.interrupted();
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        worker.interrupt();
        worker.join();
        return "";
    }

    /** A thread that is seen alive is taken to stay so. */
    public static String aliveThenWorks() throws InterruptedException {
        Uses p = new Uses();
        Thread worker = Tasks.start("w", () -> p.value = p.flag ? 1 : 2);
        if (worker.isAlive()) {
            p.flag = true;
            worker.join();
            Tasks.check(p.value == 1, "value=" + p.value);
        }
        return "";
    }

    private static volatile Object held = "";

    /** Monitors of classes that the JVM names anew, taken in either order. */
    @Fails("deadlock: main joining on t0; t0 blocked on $Proxy")
    public static String namelessMonitors() throws InterruptedException {
        Runnable lambda = () -> held = "";
        Object proxy =
                Proxy.newProxyInstance(
                        Uses.class.getClassLoader(),
                        new Class<?>[] {Runnable.class},
                        (self, method, arguments) -> "");
        Tasks.run(() -> takeBoth(lambda, proxy), () -> takeBoth(proxy, lambda));
        return "";
    }

    private static void takeBoth(Object first, Object second) {
        synchronized (first) {
            held = first;
            synchronized (second) {
                held = second;
            }
        }
    }
}
