package org.selvage.hooks;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * The platform thread that explores: every task of an execution runs on it, one at a time.
 *
 * <p>A hook finds its controller through the carrier, not through a static or a thread-local
 * variable, so that any number of searches run side by side, and a thread that is no carrier pays
 * one type check.
 */
public final class Carrier extends Thread {
    private static final int FIRST_TURNS = 1 << 10;
    private static final int MOST_TURNS = 1 << 13;

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();

    /** The execution under way. */
    @Nullable Controller controller;

    /** Whether code of the program is running; while the harness itself runs, hooks do nothing. */
    boolean live;

    /** Whether a task that could not be suspended is being unwound, to the end of the execution. */
    boolean unwinds;

    /** How many initialisers of the JDK's classes run now, within each other. */
    int initializers;

    /** The woven call site that is about to enter a JDK method, or 0. */
    int armedSite;

    final Repeatable repeatable;

    /** The calls of tasks on the JDK's collections. */
    final CollectionCalls calls = new CollectionCalls(this);

    /** Which variables the handles of the program are to. */
    final IndirectAccess indirect = new IndirectAccess();

    /** What the program used that is not controlled. */
    private final OutsideWorld outside = new OutsideWorld();

    /** Identity hash codes of the execution under way, or of the last one. */
    final IdentityNumbers identities = new IdentityNumbers();

    /** The execution's own {@link ForkJoinPool#commonPool}, once it was asked for. */
    @Nullable ForkJoinPool commonPool;

    /** What the execution has set for uncaught exceptions of its threads. */
    Thread.@Nullable UncaughtExceptionHandler defaultHandler;

    /** The execution's own {@link JdkStatics}, once it has set one. */
    Object @Nullable [] statics;

    private final long number = NUMBERS.incrementAndGet();
    private long executions;

    /**
     * The epoch of the running task, or 0 if every plain access shall be told to the controller.
     */
    private long epoch;

    private int[] clock = new int[0];
    private final SharedReads reads = new SharedReads();

    /** How many plain accesses were made since the controller asked last. */
    private int skipped;

    /** Fields and sites, by id, whose accesses shall be told to the controller. */
    private long[] told = new long[0];

    /** The two arrays that were accessed last, and what is known of their elements. */
    private @Nullable Object array;

    private @Nullable ArrayShadow shadow;
    private @Nullable Object otherArray;
    private @Nullable ArrayShadow otherShadow;

    /**
     * How many turns of loops are left until the controller is told, and how many there were at
     * first.
     */
    private int turns;

    private int turnsAtFirst;

    /**
     * Makes a carrier.
     *
     * @param body what to explore
     * @param name the thread's name
     * @param stackSizeBytes the stack on which the tasks run, or 0 for the JVM's default
     */
    public Carrier(Runnable body, String name, long stackSizeBytes) {
        super(null, body, name, stackSizeBytes);
        setDaemon(true);
        repeatable = new Repeatable(this);
    }

    /** The default handler that the program has set in this execution. */
    public Thread.@Nullable UncaughtExceptionHandler defaultHandler() {
        return defaultHandler;
    }

    OutsideWorld outside() {
        return outside;
    }

    /**
     * What programs on this carrier have used that is not controlled, each with the first place.
     */
    public List<String> uncontrolled() {
        return outside.used();
    }

    /** Whether the execution under way has used anything that is not controlled. */
    public boolean usesOutside() {
        return outside.isUsed();
    }

    /** What may end a wait in the execution under way although no task does, or an empty string. */
    public String waker() {
        return outside.waker();
    }

    /** Tells carriers apart; from 1. */
    long number() {
        return number;
    }

    /**
     * The carrier under the calling code if a controlled task is running its own code, else null.
     */
    static @Nullable Carrier live() {
        Carrier carrier = current();
        return carrier != null && carrier.live ? carrier : null;
    }

    /** The carrier under the calling code, or null on any other thread. */
    public static @Nullable Carrier current() {
        if (LANG.currentCarrierThread() instanceof Carrier carrier) {
            return carrier;
        }
        return Fiber.IS_DEBUGGED ? StartedThread.carrier() : null;
    }

    /** Installs the controller of the next execution. */
    public void control(@Nullable Controller next) {
        controller = next;
        live = false;
        unwinds = false;
        initializers = 0;
        armedSite = 0;
        epoch = 0L;
        executions++;
        skipped = 0;
        reads.clear();
        calls.clear();
        commonPool = null;
        defaultHandler = null;
        statics = null;
        repeatable.reset();
        outside.close();
        if (next != null) {
            outside.begin();
            identities.clear(); // not sooner: who looks at the result asks for them again
        }
        array = null;
        shadow = null;
        otherArray = null;
        otherShadow = null;
        turnsAtFirst = FIRST_TURNS;
        turns = FIRST_TURNS;
    }

    /** How many executions there were on this carrier, with the one under way. */
    public long executions() {
        return executions;
    }

    /**
     * Sets the epoch of the task that runs now; 0 to be told of every plain access.
     *
     * @param known for each task, how far it had come when this one heard of it last
     */
    public void setEpoch(long now, int[] known) {
        epoch = now;
        clock = known;
    }

    /** Who has read what several tasks have read, in this execution. */
    public SharedReads sharedReads() {
        return reads;
    }

    /** The calls of tasks on the JDK's collections, in this execution. */
    public CollectionCalls calls() {
        return calls;
    }

    /** Be told of every access to these: a set of ids of fields, or of sites for arrays. */
    public void tell(long[] ids) {
        told = ids;
    }

    /**
     * Accesses to this array may be noted without telling the controller if they race with none.
     */
    public void show(Object accessed, ArrayShadow known) {
        otherArray = array;
        otherShadow = shadow;
        array = accessed;
        shadow = known;
    }

    /**
     * How many plain accesses were made of which the controller was not told, since it asked last.
     */
    public int takeSkipped() {
        calls.operation();
        return takeSkippedInCall();
    }

    /** As above, in a call on a collection, which is no operation. */
    public int takeSkippedInCall() {
        int count = skipped;
        skipped = 0;
        return count;
    }

    int skipped() {
        return skipped;
    }

    private boolean isTold(int id) {
        int word = id >> 6;
        return word < told.length && (told[word] >>> id & 1L) != 0;
    }

    /** Whether a class is initialised, and the running task knows of it. */
    boolean knows(ClassInitializer type) {
        return epoch != 0L && type.isDoneBefore(epoch, clock);
    }

    /**
     * What to note for a read that races with nothing, or 0 if the controller must be told of it.
     */
    long orderedRead(long written, long touched, int field) {
        long now = epoch;
        if (now == 0L || isTold(field)) {
            return 0L;
        }
        if (touched == now) {
            skipped++;
            return now;
        }
        if (!Epoch.isOrdered(written, now, clock)) {
            return 0L;
        }
        skipped++;
        return reads.afterRead(touched, now, clock);
    }

    /**
     * What to note for a write that races with nothing, or 0 if the controller must be told of it.
     */
    long orderedWrite(long written, long touched, int field) {
        long now = epoch;
        if (now == 0L
                || isTold(field)
                || ((written != now || touched != now)
                        && reads.isRace(written, touched, true, now, clock))) {
            return 0L;
        }
        skipped++;
        return now;
    }

    /**
     * Notes an access to an element that races with nothing; false if the controller must be told
     * of it.
     */
    boolean orderedElement(Object accessed, int index, boolean write, int site) {
        long now = epoch;
        ArrayShadow known =
                accessed == array ? shadow : accessed == otherArray ? otherShadow : null;
        if (now == 0L || known == null || isTold(site) || !known.contains(index)) {
            return false;
        }
        long[] page = known.page(index);
        int at = ArrayShadow.at(index);
        long written = page[at];
        long touched = page[at + 1];
        if (touched != now || (write && written != now)) {
            if (reads.isRace(written, touched, write, now, clock)) {
                return false;
            }
            touched = write ? now : reads.afterRead(touched, now, clock);
        }
        ArrayShadow.note(page, at, now, touched, write, site);
        skipped++;
        return true;
    }

    /**
     * Notes an access to a range of elements, none of which races; false if the controller must be
     * told of each, also of those that were noted. REQUIRES: the array has these elements.
     *
     * @param to behind the last index
     */
    boolean orderedRange(Object accessed, int from, int to, boolean write, int site) {
        long now = epoch;
        Controller told = controller;
        if (calls.isOff()) {
            return true; // there is no other task yet, or the JVM orders it
        }
        if (now == 0L || told == null || isTold(site)) {
            return false;
        }
        ArrayShadow known =
                accessed == array
                        ? shadow
                        : accessed == otherArray ? otherShadow : told.arrayShadow(accessed);
        return known != null && known.noteOrdered(from, to, write, site, reads, now, clock);
    }

    /** So many plain accesses were made of which the controller was not told. */
    void skip(int accesses) {
        skipped += accesses;
    }

    /**
     * Notes a call on a collection that races with none; false if the controller must be told of
     * it.
     */
    boolean orderedCall(CollectionShadow shadow, boolean write, int site) {
        long now = epoch;
        if (now == 0L || shadow.hasRaced() || isTold(site)) {
            return false;
        }
        long written = shadow.written();
        long touched = shadow.touched();
        if (touched != now || (write && written != now)) {
            if (reads.isRace(written, touched, write, now, clock)) {
                return false;
            }
            touched = write ? now : reads.afterRead(touched, now, clock);
        }
        shadow.note(now, touched, write, site);
        return true;
    }

    /** A loop begins another turn; true if it is time to tell the controller. */
    boolean turn() {
        if (--turns > 0) {
            return false;
        }
        turnsAtFirst = Math.min(turnsAtFirst * 2, MOST_TURNS);
        turns = turnsAtFirst;
        return true;
    }

    /** What to throw in a task that cannot be suspended, once the execution has ended. */
    public Error unwind() {
        live = false;
        unwinds = true;
        return new NativeFrames.Unwinding();
    }

    /** Switches the hooks on or off and returns what they were. */
    public boolean setLive(boolean on) {
        boolean was = live;
        live = on;
        return was;
    }

    /** The name of the task that runs on this carrier now, as far as another thread can tell. */
    public String taskName() {
        Controller current = controller;
        return current == null ? "none" : current.currentTaskName();
    }

    int takeSite() {
        int site = armedSite;
        armedSite = 0;
        return site;
    }
}
