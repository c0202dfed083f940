package programs.right;

import java.lang.invoke.MethodHandles;
import java.util.concurrent.atomic.AtomicInteger;
import programs.Tasks;

/** Class initialisation (JLS 12.4.2) that ends well in each interleaving. */
public final class Initializers {
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static volatile int seen;
    private static volatile Escaping escaped;

    private Initializers() {}

    private static final class Pair {
        static int left;
        static int right;

        static {
            left = RUNS.incrementAndGet();
            seen = left;
            right = RUNS.get();
        }

        private Pair() {}

        static boolean isWhole() {
            return left == 1 && right == 1;
        }
    }

    /** Who comes while another task initialises the class waits, however it uses it. */
    public static String nobodySeesHalf() throws InterruptedException {
        Tasks.run(
                () -> Tasks.check(Pair.isWhole(), "half initialised"),
                () -> Tasks.check(Pair.left == 1 && Pair.right == 1, "half initialised"),
                () -> Tasks.check(new Pair() != null && Pair.right == 1, "half initialised"));
        Tasks.check(RUNS.get() == 1, "runs=" + RUNS);
        return "";
    }

    private static final class Holder {
        static final Holder INSTANCE = new Holder();

        private final int number = RUNS.incrementAndGet();
        private int plain = RUNS.get();
    }

    /**
     * The holder idiom: plain fields that the initialiser wrote need no further synchronisation.
     */
    public static String lazyHolder() throws InterruptedException {
        Tasks.Body body =
                () -> {
                    Holder holder = Holder.INSTANCE;
                    Tasks.check(holder.number == 1 && holder.plain == 1, "half made");
                };
        Tasks.run(body, body, body);
        return "";
    }

    private static final class Starting {
        static final Thread STARTED;
        static int value;

        static {
            STARTED = new Thread(() -> Tasks.check(value == 2, "value=" + value), "started");
            value = 1;
            STARTED.start();
            value = 2;
        }

        private Starting() {}
    }

    /** An initialiser starts a thread that uses the class, and does not wait for it. */
    public static String startsThread() throws InterruptedException {
        Tasks.run(
                () -> Tasks.check(Starting.value == 2, "half initialised"),
                () -> Starting.STARTED.join());
        return "";
    }

    private enum Single {
        INSTANCE;

        private final AtomicInteger calls = new AtomicInteger(RUNS.get());
        private int plain = 7;
    }

    /** An enum with state. */
    public static String enumSingleton() throws InterruptedException {
        Tasks.Body body =
                () -> {
                    Tasks.check(Single.valueOf("INSTANCE").plain == 7, "half made");
                    Single.INSTANCE.calls.incrementAndGet();
                };
        Tasks.run(body, body);
        Tasks.check(Single.INSTANCE.calls.get() == 2, "calls=" + Single.INSTANCE.calls);
        return "";
    }

    private static final class Ping {
        static int before = Pong.copy() + 10;
        static int after = Pong.copy() + 10;

        private Ping() {}
    }

    private static final class Pong {
        static int of = Ping.before + RUNS.incrementAndGet();

        private Pong() {}

        static int copy() {
            return of;
        }
    }

    /** The task that initialises a class may use it, and sees it as far as it is. */
    public static String recursive() throws InterruptedException {
        Tasks.run(() -> {
            Tasks.check(Ping.before == 11, "before=" + Ping.before);
            Tasks.check(Pong.of == 1 && Ping.after == 11, "of=" + Pong.of);
        });
        return "";
    }

    private static final class Failing {
        static int value;

        static {
            value = 1;
            seen = RUNS.incrementAndGet();
            if (seen > 0) {
                throw new IllegalStateException("run " + seen);
            }
        }

        private Failing() {}
    }

    private static final class Heir {
        private Heir() {}

        private static class Parent {
            static {
                if (RUNS.get() >= 0) {
                    throw new IllegalStateException("no parent");
                }
            }
        }

        private static final class Child extends Parent {
            static int value = RUNS.incrementAndGet();
        }
    }

    private static String failure(Tasks.Body use) throws Exception {
        try {
            use.run();
        } catch (ExceptionInInitializerError e) {
            return "first " + e.getCause().getMessage();
        } catch (NoClassDefFoundError e) {
            Tasks.check(e.getCause() instanceof ExceptionInInitializerError, "cause");
            return e.getMessage().replaceAll(" .*\\$", " ") + ": " + e.getCause().getMessage();
        }
        return "none";
    }

    /** An initialiser that fails is run by one task; the class cannot be used any more. */
    public static String failsOnce() throws InterruptedException {
        String[] failures = new String[2];
        Tasks.run(
                () -> failures[0] = failure(() -> Failing.value++),
                () -> failures[1] = failure(() -> Failing.value++));
        int first = failures[0].equals("first run 1") ? 0 : 1;
        Tasks.check(failures[first].equals("first run 1"), failures[first]);
        Tasks.check(
                failures[1 - first].equals(
                        "Could Failing: Exception java.lang.IllegalStateException: run 1 [in thread"
                                + " \"t"
                                + first
                                + "\"]"),
                failures[1 - first]);
        return "";
    }

    /** A class whose superclass cannot be initialised cannot be, either. */
    public static String failingSuperclass() throws Exception {
        Tasks.check(failure(() -> Heir.Child.value++).equals("first no parent"), "child");
        Tasks.check(failure(() -> Heir.Child.value++).startsWith("Could Child"), "again");
        Tasks.check(failure(Heir.Parent::new).startsWith("Could Parent"), "parent");
        Tasks.check(RUNS.get() == 0, "runs=" + RUNS);
        return "";
    }

    private static final class Escaping {
        static int value;

        static {
            escaped = new Escaping();
            value = RUNS.incrementAndGet();
        }

        int value() {
            return value;
        }
    }

    /** A method of an object that has escaped reads a static: its task waits. */
    public static String escapedObject() throws InterruptedException {
        Tasks.run(
                () -> Tasks.check(Escaping.value == 1, "value=" + Escaping.value),
                () -> {
                    Escaping other = escaped;
                    Tasks.check(other == null || other.value() == 1, "half initialised");
                });
        return "";
    }

    private static class Base {
        static final int FIRST = RUNS.incrementAndGet();
    }

    private static final class Derived extends Base {
        static final int SECOND = RUNS.incrementAndGet();
    }

    private static final class Named {
        static {
            seen = RUNS.incrementAndGet();
        }

        private Named() {}
    }

    /** A superclass comes first; a class that is asked for by name is initialised once. */
    public static String order() throws Exception {
        Tasks.run(
                () -> Tasks.check(Derived.SECOND == 2 && Base.FIRST == 1, "order"),
                () -> Tasks.check(Base.FIRST == 1, "order"));
        Class.forName(Initializers.class.getName() + "$Named");
        Tasks.check(seen == 3, "seen=" + seen);
        Class.forName(Named.class.getName(), true, Named.class.getClassLoader());
        Tasks.check(RUNS.get() == 3, "runs=" + RUNS);
        return "";
    }

    private static final class Reflected {
        static int value;
        static volatile int other;

        static {
            value = 1;
            seen = value;
            other = 2;
        }
    }

    private static int valueByReflection() {
        try {
            return Reflected.class.getDeclaredField("value").getInt(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static int otherByHandle() {
        try {
            return (int)
                    MethodHandles.lookup()
                            .findStaticVarHandle(Reflected.class, "other", int.class)
                            .getVolatile();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Reflection and handles initialise the class whose static field they reach. */
    public static String reflection() throws InterruptedException {
        Tasks.run(
                () -> Tasks.check(valueByReflection() == 1, "value"),
                () -> Tasks.check(otherByHandle() == 2, "other"));
        return "";
    }
}
