package programs.right;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import programs.Tasks;

/** Every queue that blocks, used as it is meant to be. */
public final class Queues {
    private Queues() {}

    /** Two produce, two consume: nothing is lost, and each producer's order is kept. */
    private static String passOn(BlockingQueue<Integer> queue, boolean ordered)
            throws InterruptedException {
        AtomicInteger sum = new AtomicInteger();
        Tasks.Body consumer =
                () -> {
                    int before = 0;
                    for (int i = 0; i < 2; i++) {
                        int item = queue.take();
                        Tasks.check(!ordered || item / 10 != before / 10 || item > before, "order");
                        before = item;
                        sum.addAndGet(item);
                    }
                };
        Tasks.run(
                () -> {
                    queue.put(11);
                    queue.put(12);
                },
                () -> {
                    queue.put(21);
                    queue.put(22);
                },
                consumer,
                consumer);
        Tasks.check(sum.get() == 66, "sum=" + sum);
        Tasks.check(queue.isEmpty(), "left=" + queue);
        return "";
    }

    /** Room for one. */
    public static String arrayOfOne() throws InterruptedException {
        return passOn(new ArrayBlockingQueue<>(1), true);
    }

    /** Served in the order of arrival. */
    public static String fairArray() throws InterruptedException {
        return passOn(new ArrayBlockingQueue<>(2, true), true);
    }

    /** Bounded links. */
    public static String boundedLinks() throws InterruptedException {
        return passOn(new LinkedBlockingQueue<>(1), true);
    }

    /** Unbounded links. */
    public static String links() throws InterruptedException {
        return passOn(new LinkedBlockingQueue<>(), true);
    }

    /** A deque as a queue. */
    public static String deque() throws InterruptedException {
        return passOn(new LinkedBlockingDeque<>(1), true);
    }

    /** Smallest first. */
    public static String priority() throws InterruptedException {
        return passOn(new PriorityBlockingQueue<>(2, Comparator.naturalOrder()), false);
    }

    /** Each hands over to each. */
    public static String synchronous() throws InterruptedException {
        return passOn(new SynchronousQueue<>(), true);
    }

    /** Each hands over to who came first. */
    public static String fairSynchronous() throws InterruptedException {
        return passOn(new SynchronousQueue<>(true), true);
    }

    /** A transfer queue as a queue. */
    public static String transferAsQueue() throws InterruptedException {
        return passOn(new LinkedTransferQueue<>(), true);
    }

    /** A transfer ends when the item was taken. */
    public static String transfer() throws InterruptedException {
        TransferQueue<Integer> queue = new LinkedTransferQueue<>();
        AtomicInteger taken = new AtomicInteger();
        Tasks.run(
                () -> {
                    queue.transfer(5);
                    Tasks.check(queue.isEmpty(), "transferred but not taken");
                },
                () -> taken.set(queue.take()));
        Tasks.check(taken.get() == 5, "taken=" + taken);
        Tasks.check(!queue.tryTransfer(6), "nobody waits");
        Tasks.check(!queue.tryTransfer(7, 1, TimeUnit.SECONDS), "nobody comes");
        Tasks.check(queue.isEmpty() && !queue.hasWaitingConsumer(), "left=" + queue);
        return "";
    }

    /** A consumer that waits gets what is offered to whoever waits. */
    public static String tryTransfer() throws InterruptedException {
        TransferQueue<Integer> queue = new LinkedTransferQueue<>();
        Thread consumer = Tasks.start("c", () -> Tasks.check(queue.take() == 1, "another item"));
        while (!queue.tryTransfer(1)) {
            Thread.yield();
        }
        consumer.join();
        return "";
    }

    private record Due(long at, int number) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(at, ((Due) other).at);
        }
    }

    /** Two take what falls due, not before it does. */
    public static String delayed() throws InterruptedException {
        DelayQueue<Due> queue = new DelayQueue<>();
        long now = System.nanoTime();
        queue.put(new Due(now + 3_000_000_000L, 2));
        queue.put(new Due(now + 1_000_000_000L, 1));
        AtomicInteger sum = new AtomicInteger();
        Tasks.Body consumer =
                () -> {
                    Due due = queue.take();
                    Tasks.check(System.nanoTime() >= due.at, "too early");
                    sum.addAndGet(due.number);
                };
        Tasks.run(consumer, consumer);
        Tasks.check(sum.get() == 3, "sum=" + sum);
        Tasks.check(queue.poll() == null, "left");
        return "";
    }

    /** An element that falls due sooner wakes who waits for a later one. */
    public static String delayedOvertaken() throws InterruptedException {
        DelayQueue<Due> queue = new DelayQueue<>();
        queue.put(new Due(System.nanoTime() + 1_000_000_000_000L, 2));
        Thread consumer = Tasks.start("c", () -> Tasks.check(queue.take().number == 1, "order"));
        queue.put(new Due(System.nanoTime() + 1_000_000L, 1));
        consumer.join();
        Tasks.check(queue.poll(1, TimeUnit.SECONDS) == null, "due too early");
        Tasks.check(queue.size() == 1, "size=" + queue.size());
        return "";
    }

    /** Every form that does not wait, or not long. */
    private static String forms(BlockingQueue<Integer> queue) throws InterruptedException {
        Tasks.check(queue.poll() == null && queue.peek() == null, "empty");
        Tasks.check(queue.poll(1, TimeUnit.SECONDS) == null, "empty for a second");
        Tasks.check(queue.offer(1), "room");
        Tasks.check(queue.offer(2, 1, TimeUnit.SECONDS), "room for two");
        boolean bounded = queue.remainingCapacity() == 0;
        Tasks.check(queue.offer(3) != bounded, "bounded");
        if (bounded) {
            Tasks.check(!queue.offer(3, 1, TimeUnit.SECONDS), "bounded for a second");
            Tasks.run(() -> queue.put(3), () -> Tasks.check(queue.remove() == 1, "first"));
        } else {
            Tasks.check(queue.remove() == 1, "first");
        }
        Tasks.check(queue.contains(2) && queue.remove(2) && !queue.remove(2), "2");
        Collection<Integer> drained = new ArrayList<>();
        Tasks.check(queue.drainTo(drained) == 1 && drained.equals(List.of(3)), "3");
        Thread waiter =
                Tasks.start(
                        "w",
                        () -> {
                            try {
                                queue.take();
                                throw new AssertionError("taken");
                            } catch (InterruptedException e) {
                                Tasks.check(!Thread.interrupted(), "cleared");
                            }
                        });
        waiter.interrupt();
        waiter.join();
        return "";
    }

    /** Forms of an array. */
    public static String arrayForms() throws InterruptedException {
        return forms(new ArrayBlockingQueue<>(2));
    }

    /** Forms of bounded links. */
    public static String linkForms() throws InterruptedException {
        return forms(new LinkedBlockingQueue<>(2));
    }

    /** Forms of a bounded deque. */
    public static String dequeForms() throws InterruptedException {
        return forms(new LinkedBlockingDeque<>(2));
    }

    /** Forms of a priority queue. */
    public static String priorityForms() throws InterruptedException {
        return forms(new PriorityBlockingQueue<>());
    }

    /** Forms of a transfer queue. */
    public static String transferForms() throws InterruptedException {
        return forms(new LinkedTransferQueue<>());
    }

    /** Both ends of a deque, by two who steal from one. */
    public static String bothEnds() throws InterruptedException {
        LinkedBlockingDeque<Integer> deque = new LinkedBlockingDeque<>(3);
        AtomicInteger sum = new AtomicInteger();
        Tasks.run(
                () -> {
                    deque.putFirst(1);
                    deque.putLast(2);
                    deque.putFirst(4);
                    deque.putLast(8);
                },
                () -> sum.addAndGet(deque.takeFirst() + deque.takeFirst()),
                () -> sum.addAndGet(deque.takeLast() + deque.takeLast()));
        Tasks.check(sum.get() == 15, "sum=" + sum);
        Tasks.check(deque.pollFirst(1, TimeUnit.SECONDS) == null, "left");
        return "";
    }

    /** A hand-over that nobody takes, and one that is taken in time. */
    public static String synchronousForms() throws InterruptedException {
        SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        Tasks.check(!queue.offer(1) && queue.poll() == null, "nobody there");
        Tasks.check(!queue.offer(1, 1, TimeUnit.SECONDS), "nobody comes");
        AtomicInteger got = new AtomicInteger();
        Tasks.run(
                () -> Tasks.check(queue.offer(2, 1, TimeUnit.DAYS), "somebody comes"),
                () -> got.set(queue.poll(1, TimeUnit.DAYS)));
        Tasks.check(got.get() == 2, "got=" + got);
        return "";
    }

    /** A pill ends each consumer. */
    public static String poisonPill() throws InterruptedException {
        BlockingQueue<Integer> queue = new LinkedBlockingQueue<>(2);
        AtomicInteger sum = new AtomicInteger();
        Tasks.Body consumer =
                () -> {
                    for (int item = queue.take(); item != -1; item = queue.take()) {
                        sum.addAndGet(item);
                    }
                };
        Tasks.run(
                consumer,
                consumer,
                () -> {
                    for (int item : new int[] {1, 2, 4, -1, -1}) {
                        queue.put(item);
                    }
                });
        Tasks.check(sum.get() == 7, "sum=" + sum);
        return "";
    }

    /** A queue without locks: iterated while it changes. */
    public static String linkedQueue() throws InterruptedException {
        ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>(List.of(1, 2));
        Tasks.run(
                () -> queue.add(3),
                () -> {
                    int before = 0;
                    for (int item : queue) {
                        Tasks.check(item > before, "order");
                        before = item;
                    }
                },
                () -> Tasks.check(queue.poll() == 1, "first"));
        Tasks.check(queue.size() == 2, "size=" + queue.size());
        return "";
    }

    /** A deque without locks. */
    public static String linkedDeque() throws InterruptedException {
        ConcurrentLinkedDeque<Integer> deque = new ConcurrentLinkedDeque<>();
        AtomicInteger taken = new AtomicInteger();
        Tasks.Body taker =
                () -> {
                    Integer item = deque.pollFirst();
                    taken.addAndGet(item == null ? 0 : item);
                };
        Tasks.run(
                () -> {
                    deque.addFirst(1);
                    deque.addLast(2);
                },
                taker,
                taker);
        int left = 0;
        for (Integer item = deque.pollLast(); item != null; item = deque.pollLast()) {
            left += item;
        }
        Tasks.check(taken.get() + left == 3, "taken=" + taken + " left=" + left);
        return "";
    }
}
