package org.selvage.hooks;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Static variables of the JDK that a program can set or change, such as the default locale and the
 * system properties: each execution has its own, which are the JVM's until it sets them.
 *
 * <p>The woven JDK hands a value that it has just read, or is about to write, to a method here and
 * goes on with what that returns; the weaver gives each variable a number. An execution that sets
 * nothing pays for the look at its carrier. The initialiser of a class of the JDK runs once for all
 * executions, so what it writes is the JVM's.
 */
public final class JdkStatics {
    /** How many variables there may be. */
    public static final int MOST = 32;

    /** The variables of {@code java.util.logging}. */
    public static final int LOG_MANAGER = 0;

    /** As above. */
    public static final int GLOBAL_LOGGER = 1;

    /** Stands for null, as a variable without a value of its own has the JVM's. */
    private static final Object NULL = new Object();

    private JdkStatics() {}

    /**
     * Has the JDK find out now what it would otherwise find out and write down when it is asked
     * first: each execution would have to.
     */
    public static void prepare() {
        TimeZone.getDefault();
        Locale.getDefault(Locale.Category.DISPLAY);
        Locale.getDefault(Locale.Category.FORMAT);
    }

    /** A variable was read: its value in this execution. */
    public static @Nullable Object read(@Nullable Object real, int variable) {
        Carrier c = Carrier.current();
        Object[] own = c == null ? null : c.statics;
        Object value = own == null ? null : own[variable];
        return value == null ? real : value == NULL ? null : value;
    }

    /** As {@link #read}, of a variable that is null at the beginning of each execution. */
    public static @Nullable Object readFresh(@Nullable Object real, int variable) {
        Carrier c = writer();
        return c == null ? real : read(null, variable);
    }

    /** As {@link #read}, of the log manager or the global logger: an execution makes its own. */
    public static @Nullable Object readLogging(Object real, int variable) {
        Carrier c = writer();
        if (c != null && (c.statics == null || c.statics[LOG_MANAGER] == null)) {
            boolean was = c.setLive(false);
            try {
                Logging.make(
                        real.getClass(),
                        made -> set(c, LOG_MANAGER, made),
                        made -> set(c, GLOBAL_LOGGER, made));
            } finally {
                c.setLive(was);
            }
        }
        return read(real, variable);
    }

    /**
     * A variable was read whose object is now changed, or handed to who may do so: an execution
     * gets a copy.
     */
    public static @Nullable Object readToChange(Object real, int variable) {
        Carrier c = writer();
        Object now = read(real, variable);
        if (c == null || now != real) {
            return now;
        }
        boolean was = c.setLive(false);
        try {
            Object copy = copy(real);
            set(c, variable, copy);
            return copy;
        } finally {
            c.setLive(was);
        }
    }

    /**
     * A variable is about to be written.
     *
     * @param real what the JVM's variable holds
     * @return what to write to that
     */
    public static @Nullable Object written(
            @Nullable Object value, @Nullable Object real, int variable) {
        Carrier c = writer();
        if (c == null) {
            return value;
        }
        set(c, variable, value);
        return real;
    }

    /** The carrier of an execution, if what is written is its own. */
    private static @Nullable Carrier writer() {
        Carrier c = Carrier.live();
        return c == null || c.initializers > 0 ? null : c;
    }

    private static void set(Carrier c, int variable, @Nullable Object value) {
        Object[] own = c.statics;
        if (own == null) {
            own = new Object[MOST];
            c.statics = own;
        }
        own[variable] = value == null ? NULL : value;
    }

    private static Object copy(Object real) {
        return switch (real) {
            case Hashtable<?, ?> table -> table.clone(); // properties among them
            case CopyOnWriteArrayList<?> list -> new CopyOnWriteArrayList<>(list);
            case ArrayList<?> list -> new ArrayList<>(list);
            default -> throw new IllegalStateException("no copy: class=" + real.getClass());
        };
    }
}
