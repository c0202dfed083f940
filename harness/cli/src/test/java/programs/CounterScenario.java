package programs;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.selvage.search.Scenario;

/**
 * Two threads increment a counter: wrongly in the profile {@code racy}, rightly in {@code atomic};
 * stuck in {@code deadlock}.
 */
public final class CounterScenario implements Scenario {
    @Override
    public String name() {
        return "counter";
    }

    @Override
    public String summary() {
        return "two threads increment a counter";
    }

    @Override
    public List<Variant> profiles() {
        return List.of(
                new Variant("racy", "reads, then writes"),
                new Variant("atomic", "in one step"),
                new Variant("deadlock", "takes two locks in both orders"));
    }

    @Override
    public Program prepare(Setup setup) {
        if (!setup.parameters().isEmpty()) {
            throw new IllegalArgumentException(
                    "no such parameter: parameter=" + setup.parameters());
        }
        return switch (setup.profile()) {
            case "racy" -> CounterScenario::racy;
            case "atomic" -> CounterScenario::atomic;
            default -> CounterScenario::deadlock;
        };
    }

    private static void racy() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        inParallel(() -> counter.set(counter.get() + 1), () -> counter.set(counter.get() + 1));
        if (counter.get() != 2) {
            throw new AssertionError("lost update: counter=" + counter.get());
        }
    }

    private static void atomic() throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        inParallel(counter::incrementAndGet, counter::incrementAndGet);
        if (counter.get() != 2) {
            throw new AssertionError("lost update: counter=" + counter.get());
        }
    }

    private static void deadlock() throws InterruptedException {
        Object first = new Object();
        Object second = new Object();
        inParallel(() -> both(first, second), () -> both(second, first));
    }

    @SuppressWarnings("EmptyBlock") // the locks are all that matters
    private static void both(Object one, Object other) {
        synchronized (one) {
            synchronized (other) {
                assert Thread.holdsLock(one);
            }
        }
    }

    private static void inParallel(Runnable a, Runnable b) throws InterruptedException {
        Thread one = new Thread(a, "one");
        Thread other = new Thread(b, "other");
        one.start();
        other.start();
        one.join();
        other.join();
    }
}
