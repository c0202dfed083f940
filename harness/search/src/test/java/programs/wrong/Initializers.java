package programs.wrong;

import programs.Fails;
import programs.Tasks;

/** Class initialisation that ends badly in some interleaving. */
public final class Initializers {
    private static volatile int shared;

    private Initializers() {}

    private static final class First {
        static int value;

        static {
            value = Second.value + 1;
        }

        private First() {}
    }

    private static final class Second {
        static int value;

        static {
            value = First.value + 1;
        }

        private Second() {}
    }

    /** Two classes that need each other, initialised from both ends. */
    @Fails("deadlock: main joining on t0; t0 blocked on class")
    public static String oppositeOrder() throws InterruptedException {
        Tasks.run(() -> Tasks.check(First.value > 0, ""), () -> Tasks.check(Second.value > 0, ""));
        return "";
    }

    private static class Parent {
        static final Parent DEFAULT = new Child();

        int value() {
            return 1;
        }
    }

    private static final class Child extends Parent {
        static final int VALUE = Integer.getInteger("none", 2);
    }

    /** A superclass whose initialiser makes an object of the subclass. */
    @Fails("deadlock: main joining on t0; t0 blocked on class")
    public static String superclassAndSubclass() throws InterruptedException {
        Tasks.run(
                () -> Tasks.check(Parent.DEFAULT.value() == 1, ""),
                () -> Tasks.check(new Child().value() == 1 && Child.VALUE == 2, ""));
        return "";
    }

    private static final class Joining {
        static int value;

        static {
            Thread helper = new Thread(() -> value++, "helper");
            helper.start();
            try {
                helper.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private Joining() {}
    }

    /** An initialiser waits for a thread that uses the class. */
    @Fails("deadlock: main joining on helper; helper blocked on class")
    public static String joinsUser() {
        Tasks.check(Joining.value == 1, "");
        return "";
    }

    private static final class Adding {
        static int value;

        static {
            value = shared;
            shared = value + 1;
        }

        private Adding() {}
    }

    /** What an initialiser does is interleaved with other tasks. */
    public static String lostUpdate() throws InterruptedException {
        Tasks.run(
                () -> Tasks.check(Adding.value >= 0, ""),
                () -> {
                    int read = shared;
                    shared = read + 1;
                });
        Tasks.check(shared == 2, "shared=" + shared);
        return "";
    }

    private static final class Failing {
        static int value;

        static {
            value = 1 / shared;
        }

        private Failing() {}
    }

    /** An initialiser fails unless another task comes first. */
    @Fails("java.lang.ExceptionInInitializerError")
    public static String fails() throws InterruptedException {
        Tasks.run(() -> shared = 1, () -> Tasks.check(Failing.value == 1, ""));
        return "";
    }
}
