package programs;

import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Vector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.IntStream;

/**
 * Each call that can wait, for something that never comes: without a time limit, where an interrupt
 * may end it, without one, where nothing may, and with one of three seconds.
 */
public final class Waits {
    private static final int LIMIT = 3;
    private static final TimeUnit S = TimeUnit.SECONDS;

    private volatile boolean kept;
    private volatile String end = "";

    private Waits() {}

    /** A wait that an interrupt may or may not come to. */
    private static String wait(Callable<?> call) throws InterruptedException {
        Waits p = new Waits();
        Thread waiter = Tasks.start("waiter", () -> p.call(call));
        Thread interrupter =
                Tasks.start(
                        "interrupter",
                        () -> {
                            if (!p.kept) {
                                waiter.interrupt();
                                waiter.join();
                            }
                        });
        p.kept = true;
        interrupter.join();
        waiter.join();
        return p.end;
    }

    private static String wait(Tasks.Body body) throws InterruptedException {
        return wait(() -> {
            body.run();
            return "over";
        });
    }

    private void call(Callable<?> call) throws Exception {
        long begin = System.nanoTime();
        try {
            Object result = call.call();
            end = result + (Thread.interrupted() ? " flagged" : "");
        } catch (InterruptedException e) {
            end = "interrupted" + (Thread.currentThread().isInterrupted() ? " flagged" : "");
        } catch (TimeoutException e) {
            end = "timeout";
        }
        end += " " + S.convert(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }

    private static ReentrantLock held(boolean fair) {
        ReentrantLock lock = new ReentrantLock(fair);
        lock.lock();
        return lock;
    }

    private static Lock read() {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        lock.writeLock().lock();
        return lock.readLock();
    }

    private static Lock write() {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        lock.readLock().lock();
        return lock.writeLock();
    }

    private static StampedLock stamped() {
        StampedLock lock = new StampedLock();
        lock.writeLock();
        return lock;
    }

    private static <T extends BlockingQueue<Integer>> T full(T queue) throws InterruptedException {
        queue.put(1);
        return queue;
    }

    /** A pool whose threads are daemons, so that the program can end. */
    private static ExecutorService pool() {
        return Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    }

    private static CountDownLatch shut() {
        return new CountDownLatch(1);
    }

    private static Integer never() throws InterruptedException {
        shut().await();
        return 1;
    }

    // Without a time limit, ended by an interrupt.

    public static String monitor() throws InterruptedException {
        Object monitor = new Object();
        return wait(() -> {
            synchronized (monitor) {
                monitor.wait();
            }
        });
    }

    public static String join() throws InterruptedException {
        Thread never = Thread.ofPlatform().daemon().start(LockSupport::park);
        return wait(() -> never.join());
    }

    public static String joinVirtual() throws InterruptedException {
        Thread never = Thread.startVirtualThread(LockSupport::park);
        return wait(() -> never.join());
    }

    public static String lockInterruptibly() throws InterruptedException {
        ReentrantLock lock = held(false);
        return wait(lock::lockInterruptibly);
    }

    public static String fairLockInterruptibly() throws InterruptedException {
        ReentrantLock lock = held(true);
        return wait(lock::lockInterruptibly);
    }

    public static String readLockInterruptibly() throws InterruptedException {
        Lock lock = read();
        return wait(lock::lockInterruptibly);
    }

    public static String writeLockInterruptibly() throws InterruptedException {
        Lock lock = write();
        return wait(lock::lockInterruptibly);
    }

    public static String stampedReadInterruptibly() throws InterruptedException {
        StampedLock lock = stamped();
        return wait(lock::readLockInterruptibly);
    }

    public static String stampedWriteInterruptibly() throws InterruptedException {
        StampedLock lock = stamped();
        return wait(lock::writeLockInterruptibly);
    }

    public static String condition() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        return wait(() -> {
            lock.lock();
            try {
                condition.await();
            } finally {
                lock.unlock();
            }
        });
    }

    public static String semaphore() throws InterruptedException {
        Semaphore semaphore = new Semaphore(0);
        return wait(() -> semaphore.acquire());
    }

    public static String fairSemaphore() throws InterruptedException {
        Semaphore semaphore = new Semaphore(1, true);
        return wait(() -> semaphore.acquire(2));
    }

    public static String latch() throws InterruptedException {
        CountDownLatch latch = shut();
        return wait(() -> latch.await());
    }

    public static String barrier() throws InterruptedException {
        CyclicBarrier barrier = new CyclicBarrier(2);
        return wait(() -> barrier.await());
    }

    public static String phaser() throws InterruptedException {
        Phaser phaser = new Phaser(2);
        return wait(() -> phaser.awaitAdvanceInterruptibly(phaser.arrive()));
    }

    public static String exchanger() throws InterruptedException {
        Exchanger<Integer> exchanger = new Exchanger<>();
        return wait(() -> exchanger.exchange(1));
    }

    public static String arrayTake() throws InterruptedException {
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
        return wait(queue::take);
    }

    public static String arrayPut() throws InterruptedException {
        BlockingQueue<Integer> queue = full(new ArrayBlockingQueue<>(1));
        return wait(() -> queue.put(2));
    }

    public static String linkedTake() throws InterruptedException {
        BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        return wait(queue::take);
    }

    public static String linkedPut() throws InterruptedException {
        BlockingQueue<Integer> queue = full(new LinkedBlockingQueue<>(1));
        return wait(() -> queue.put(2));
    }

    public static String dequeTake() throws InterruptedException {
        BlockingDeque<Integer> deque = new LinkedBlockingDeque<>();
        return wait(deque::takeLast);
    }

    public static String dequePut() throws InterruptedException {
        BlockingDeque<Integer> deque = full(new LinkedBlockingDeque<>(1));
        return wait(() -> deque.putFirst(2));
    }

    public static String priorityTake() throws InterruptedException {
        BlockingQueue<Integer> queue = new PriorityBlockingQueue<>();
        return wait(queue::take);
    }

    public static String delayTake() throws InterruptedException {
        DelayQueue<?> queue = new DelayQueue<>();
        return wait(queue::take);
    }

    public static String synchronousTake() throws InterruptedException {
        SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        return wait(queue::take);
    }

    public static String synchronousPut() throws InterruptedException {
        SynchronousQueue<Integer> queue = new SynchronousQueue<>(true);
        return wait(() -> queue.put(1));
    }

    public static String transferTake() throws InterruptedException {
        LinkedTransferQueue<Integer> queue = new LinkedTransferQueue<>();
        return wait(queue::take);
    }

    public static String transfer() throws InterruptedException {
        LinkedTransferQueue<Integer> queue = new LinkedTransferQueue<>();
        return wait(() -> queue.transfer(1));
    }

    public static String futureTask() throws InterruptedException {
        FutureTask<Integer> task = new FutureTask<>(() -> 1);
        return wait(() -> task.get());
    }

    public static String completableFuture() throws InterruptedException {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        return wait(() -> future.thenApply(x -> x + 1).get());
    }

    public static String forkJoinTask() throws InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(1);
        return wait(() -> pool.submit(Waits::never).get());
    }

    public static String completionService() throws InterruptedException {
        ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool());
        service.submit(Waits::never);
        return wait(service::take);
    }

    public static String invokeAll() throws InterruptedException {
        ExecutorService pool = pool();
        return wait(() -> pool.invokeAll(List.<Callable<Integer>>of(Waits::never)));
    }

    public static String invokeAny() throws InterruptedException {
        ExecutorService pool = pool();
        return wait(() -> pool.invokeAny(List.<Callable<Integer>>of(Waits::never)));
    }

    public static String managedBlock() throws InterruptedException {
        CountDownLatch latch = shut();
        ForkJoinPool.ManagedBlocker blocker =
                new ForkJoinPool.ManagedBlocker() {
                    @Override
                    public boolean block() throws InterruptedException {
                        latch.await();
                        return true;
                    }

                    @Override
                    public boolean isReleasable() {
                        return latch.getCount() == 0;
                    }
                };
        return wait(() -> ForkJoinPool.managedBlock(blocker));
    }

    public static String park() throws InterruptedException {
        return wait(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
            throw new InterruptedException("" + Thread.interrupted());
        });
    }

    // Without a time limit, and no interrupt ends it.

    public static String enterMonitor() throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            return wait(() -> {
                synchronized (monitor) {
                    monitor.notifyAll();
                }
            });
        }
    }

    public static String enterVector() throws InterruptedException {
        Vector<Integer> vector = new Vector<>();
        synchronized (vector) {
            return wait(() -> vector.add(1));
        }
    }

    public static String computedTwice() throws InterruptedException {
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        Thread.ofPlatform()
                .daemon()
                .start(() ->
                        map.computeIfAbsent(
                                1,
                                k -> {
                                    while (true) {
                                        LockSupport.park();
                                    }
                                }));
        Thread.sleep(1);
        return wait(() -> map.computeIfAbsent(1, k -> 2));
    }

    public static String lock() throws InterruptedException {
        ReentrantLock lock = held(false);
        return wait(lock::lock);
    }

    public static String fairLock() throws InterruptedException {
        ReentrantLock lock = held(true);
        return wait(lock::lock);
    }

    public static String readLock() throws InterruptedException {
        Lock lock = read();
        return wait(lock::lock);
    }

    public static String writeLock() throws InterruptedException {
        Lock lock = write();
        return wait(lock::lock);
    }

    public static String stampedRead() throws InterruptedException {
        StampedLock lock = stamped();
        return wait(lock::readLock);
    }

    public static String stampedTwice() throws InterruptedException {
        StampedLock lock = new StampedLock();
        return wait(() -> {
            lock.writeLock();
            return lock.writeLock();
        });
    }

    public static String acquireUninterruptibly() throws InterruptedException {
        Semaphore semaphore = new Semaphore(0);
        return wait(() -> semaphore.acquireUninterruptibly());
    }

    public static String awaitUninterruptibly() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        return wait(() -> {
            lock.lock();
            condition.awaitUninterruptibly();
        });
    }

    public static String arriveAndAwaitAdvance() throws InterruptedException {
        Phaser phaser = new Phaser(2);
        return wait(() -> phaser.arriveAndAwaitAdvance());
    }

    public static String futureJoin() throws InterruptedException {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        return wait(() -> CompletableFuture.allOf(future).join());
    }

    public static String forkJoin() throws InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(1);
        return wait(() -> pool.submit(Waits::never).join());
    }

    public static String parallelStream() throws InterruptedException {
        Semaphore semaphore = new Semaphore(0);
        return wait(() ->
                IntStream.range(0, 2)
                        .parallel()
                        .forEach(i -> {
                            semaphore.acquireUninterruptibly();
                        }));
    }

    // With a time limit.

    public static String timedMonitor() throws InterruptedException {
        Object monitor = new Object();
        return wait(() -> {
            synchronized (monitor) {
                monitor.wait(2_000);
                monitor.wait(999, 999_999);
            }
        });
    }

    public static String timedSleep() throws InterruptedException {
        return wait(() -> Thread.sleep(Duration.ofSeconds(LIMIT)));
    }

    public static String timedJoin() throws InterruptedException {
        Thread never = Thread.ofPlatform().daemon().start(LockSupport::park);
        return wait(() -> never.join(Duration.ofSeconds(LIMIT)));
    }

    public static String timedJoinVirtual() throws InterruptedException {
        Thread never = Thread.startVirtualThread(LockSupport::park);
        return wait(() -> never.join(Duration.ofSeconds(LIMIT)));
    }

    public static String timedLock() throws InterruptedException {
        Lock lock = held(false);
        return wait(() -> lock.tryLock(LIMIT, S));
    }

    public static String timedFairLock() throws InterruptedException {
        Lock lock = held(true);
        return wait(() -> lock.tryLock(LIMIT, S));
    }

    public static String timedReadLock() throws InterruptedException {
        Lock lock = read();
        return wait(() -> lock.tryLock(LIMIT, S));
    }

    public static String timedWriteLock() throws InterruptedException {
        Lock lock = write();
        return wait(() -> lock.tryLock(LIMIT, S));
    }

    public static String timedStampedRead() throws InterruptedException {
        StampedLock lock = stamped();
        return wait(() -> lock.tryReadLock(LIMIT, S) != 0);
    }

    public static String timedStampedWrite() throws InterruptedException {
        StampedLock lock = stamped();
        return wait(() -> lock.tryWriteLock(LIMIT, S) != 0);
    }

    public static String timedCondition() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        return wait(() -> {
            lock.lock();
            try {
                return condition.await(1, S)
                        || condition.awaitNanos(1_000_000_000L) > 0
                        || condition.awaitUntil(new Date(System.currentTimeMillis() + 1_000));
            } finally {
                lock.unlock();
            }
        });
    }

    public static String timedSemaphore() throws InterruptedException {
        Semaphore semaphore = new Semaphore(1);
        return wait(() -> semaphore.tryAcquire(2, LIMIT, S));
    }

    public static String timedLatch() throws InterruptedException {
        CountDownLatch latch = shut();
        return wait(() -> latch.await(LIMIT, S));
    }

    public static String timedBarrier() throws InterruptedException {
        CyclicBarrier barrier = new CyclicBarrier(2);
        return wait(() -> barrier.await(LIMIT, S));
    }

    public static String timedPhaser() throws InterruptedException {
        Phaser phaser = new Phaser(2);
        return wait(() -> phaser.awaitAdvanceInterruptibly(phaser.arrive(), LIMIT, S));
    }

    public static String timedExchanger() throws InterruptedException {
        Exchanger<Integer> exchanger = new Exchanger<>();
        return wait(() -> exchanger.exchange(1, LIMIT, S));
    }

    private static String poll(BlockingQueue<?> queue) throws InterruptedException {
        return wait(() -> queue.poll(LIMIT, S));
    }

    private static String offer(BlockingQueue<Integer> queue) throws InterruptedException {
        return wait(() -> queue.offer(2, LIMIT, S));
    }

    public static String timedArrayPoll() throws InterruptedException {
        return poll(new ArrayBlockingQueue<>(1));
    }

    public static String timedArrayOffer() throws InterruptedException {
        return offer(full(new ArrayBlockingQueue<>(1, true)));
    }

    public static String timedLinkedPoll() throws InterruptedException {
        return poll(new LinkedBlockingQueue<>());
    }

    public static String timedLinkedOffer() throws InterruptedException {
        return offer(full(new LinkedBlockingQueue<>(1)));
    }

    public static String timedDequePoll() throws InterruptedException {
        return poll(new LinkedBlockingDeque<>());
    }

    public static String timedDequeOffer() throws InterruptedException {
        return offer(full(new LinkedBlockingDeque<>(1)));
    }

    public static String timedPriorityPoll() throws InterruptedException {
        return poll(new PriorityBlockingQueue<>());
    }

    public static String timedDelayPoll() throws InterruptedException {
        return poll(new DelayQueue<>());
    }

    public static String timedSynchronousPoll() throws InterruptedException {
        return poll(new SynchronousQueue<>());
    }

    public static String timedSynchronousOffer() throws InterruptedException {
        return offer(new SynchronousQueue<>(true));
    }

    public static String timedTransferPoll() throws InterruptedException {
        return poll(new LinkedTransferQueue<>());
    }

    public static String timedTransfer() throws InterruptedException {
        LinkedTransferQueue<Integer> queue = new LinkedTransferQueue<>();
        return wait(() -> queue.tryTransfer(1, LIMIT, S));
    }

    public static String timedFutureTask() throws InterruptedException {
        FutureTask<Integer> task = new FutureTask<>(() -> 1);
        return wait(() -> task.get(LIMIT, S));
    }

    public static String timedCompletableFuture() throws InterruptedException {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        return wait(() -> future.get(LIMIT, S));
    }

    public static String timedForkJoinTask() throws InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(1);
        return wait(() -> pool.submit(Waits::never).get(LIMIT, S));
    }

    public static String timedInvokeAll() throws InterruptedException {
        ExecutorService pool = pool();
        return wait(() ->
                pool.invokeAll(List.<Callable<Integer>>of(Waits::never), LIMIT, S)
                        .getFirst()
                        .isCancelled());
    }

    public static String timedInvokeAny() throws InterruptedException {
        ExecutorService pool = pool();
        return wait(() -> pool.invokeAny(List.<Callable<Integer>>of(Waits::never), LIMIT, S));
    }

    private static String termination(ExecutorService pool) throws InterruptedException {
        pool.submit(Waits::never);
        return wait(() -> pool.awaitTermination(LIMIT, S));
    }

    public static String timedPoolTermination() throws InterruptedException {
        return termination(pool());
    }

    public static String timedForkJoinTermination() throws InterruptedException {
        return termination(new ForkJoinPool(2));
    }

    public static String timedScheduledTermination() throws InterruptedException {
        return termination(
                new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory()));
    }

    public static String timedVirtualTermination() throws InterruptedException {
        return termination(Executors.newVirtualThreadPerTaskExecutor());
    }

    public static String timedPark() throws InterruptedException {
        return wait(() -> {
            LockSupport.parkNanos(2_000_000_000L);
            LockSupport.parkUntil(System.currentTimeMillis() + 1_000);
            if (Thread.interrupted()) {
                throw new InterruptedException("parks");
            }
        });
    }

    public static String timedPublisher() throws InterruptedException {
        try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>(pool(), 1)) {
            publisher.consume(x -> {
                while (true) {
                    LockSupport.park();
                }
            });
            publisher.submit(1);
            Thread.sleep(1_000);
            publisher.submit(2);
            return wait(() -> publisher.offer(3, LIMIT, S, null) < 0);
        }
    }
}
