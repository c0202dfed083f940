package programs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Programs with interfaces whose fields have state, which must be fresh each time. */
public final class Interfaces {
    private Interfaces() {}

    private interface Counters {
        int CONSTANT = 7;
        AtomicInteger COUNT = new AtomicInteger(CONSTANT);
        List<String> NAMES = Collections.synchronizedList(new ArrayList<>(List.of("first")));
        int[] CELLS = {COUNT.get(), 0};
        IntSupplier BOUND = COUNT::get;
        Runnable ADD = () -> cell(1);

        static void cell(int more) {
            synchronized (CELLS) {
                CELLS[1] += more;
            }
        }

        default int both() {
            return COUNT.get() + CELLS[1];
        }
    }

    private interface Wider extends Counters {
        Object LOCK = new Object();
    }

    private static final class User implements Wider {
        void use() {
            COUNT.incrementAndGet();
            synchronized (LOCK) {
                NAMES.add("another");
            }
            ADD.run();
        }
    }

    /** Fields by way of the interface, a wider one, and a class that has them. */
    public static final class Fields {
        public static void main(String[] arguments) throws InterruptedException {
            User user = new User();
            Thread a = new Thread(user::use);
            Thread b = new Thread(user::use);
            a.start();
            b.start();
            a.join();
            b.join();
            String seen =
                    Counters.COUNT
                            + " "
                            + Wider.NAMES.size()
                            + " "
                            + User.CELLS[0]
                            + User.CELLS[1]
                            + " "
                            + Counters.BOUND.getAsInt()
                            + " "
                            + user.both();
            if (!seen.equals("9 3 72 9 11")) {
                throw new IllegalStateException(seen);
            }
        }
    }

    private interface Failing {
        Object NEVER = fail();

        private static Object fail() {
            throw new IllegalArgumentException("never");
        }
    }

    /** The initialiser fails, in each execution. */
    public static final class Failure {
        private static volatile int errors;

        private static void look() {
            try {
                System.out.println(Failing.NEVER);
            } catch (ExceptionInInitializerError e) {
                synchronized (Failure.class) {
                    errors += 10;
                }
            } catch (NoClassDefFoundError e) {
                synchronized (Failure.class) {
                    errors += e.getMessage().endsWith("class programs.Interfaces$Failing") ? 1 : 5;
                }
            }
        }

        public static void main(String[] arguments) throws InterruptedException {
            Thread a = new Thread(Failure::look);
            Thread b = new Thread(Failure::look);
            a.start();
            b.start();
            a.join();
            b.join();
            if (errors != 11) {
                throw new IllegalStateException("errors=" + errors);
            }
        }
    }

    private interface First {
        Object OBJECT = new Object[] {Second.OBJECT};
    }

    private interface Second {
        Object OBJECT = new Object[] {First.OBJECT};
    }

    /** Two initialisers wait for each other. */
    public static final class Circle {
        public static void main(String[] arguments) {
            new Thread(() -> System.out.println(First.OBJECT)).start();
            new Thread(() -> System.out.println(Second.OBJECT)).start();
        }
    }
}
