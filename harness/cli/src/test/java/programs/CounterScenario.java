package programs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.selvage.search.Scenario;

/**
 * Threads, two by default, increment a counter: wrongly in the profile {@code racy}, rightly in
 * {@code atomic}; two are stuck in {@code deadlock}.
 */
public final class CounterScenario implements Scenario {
    private static final Size CLIENTS = new Size("clients", 1, 2);

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
    public List<Size> sizes() {
        return List.of(CLIENTS);
    }

    @Override
    public Program prepare(Setup setup) {
        if (!Set.of("clients").containsAll(setup.parameters().keySet())) {
            throw new IllegalArgumentException(
                    "no such parameter: parameter=" + setup.parameters());
        }
        String given = setup.parameters().getOrDefault("clients", "" + CLIENTS.otherwise());
        int clients = Integer.parseInt(given);
        return switch (setup.profile()) {
            case "racy" -> () -> racy(clients);
            case "atomic" -> CounterScenario::atomic;
            default -> CounterScenario::deadlock;
        };
    }

    private static void racy(int clients) throws InterruptedException {
        AtomicInteger counter = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            String name = client == 0 ? "one" : client == 1 ? "other" : "client-" + client;
            threads.add(new Thread(() -> counter.set(counter.get() + 1), name));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        if (counter.get() != clients) {
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
