package org.selvage.hooks;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.Continuation;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of a suspended program as a sequence of numbers, and compares it with one that
 * was read before: equal sequences mean that the program goes on alike.
 *
 * <p>Part of the state is all that the program can reach from what is put in: fields of every
 * object, JDK objects and weak referents included, and the static variables of the program's
 * classes. Objects are numbered in the order of the first visit, so two states are equal if one is
 * the other but for the identity of objects that were made anew. The sequences themselves are
 * compared, no hash of them. Classes, loaders, threads that are no tasks and what else has an
 * identity of its own outside the program have a number for as long as the reader lives, which is
 * why one reader serves all states that are compared, one after the other.
 *
 * <p>What cannot be read makes {@link #unseen} say so: memory outside the heap, and more than
 * {@value #MAX_OBJECTS} objects. A null in a compiled frame may stand for an object that the
 * compiler keeps in registers; {@link #fiber} returns who has such frames.
 */
public final class StateReader {
    /** States of more objects than this are not read. */
    static final int MAX_OBJECTS = 200_000;

    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final MethodHandle DECLARED_FIELDS = StateFields.declaredFields();
    private static final long LOADED = StateFields.offset(ClassLoader.class, "classes");
    private static final long CLASS_VALUES = StateFields.offset(Class.class, "classValueMap");

    /** Classes of the harness begin so; their objects are no part of the state. */
    private static final List<String> HARNESS =
            List.of(
                    "org.selvage.hooks.",
                    "org.selvage.scheduler.",
                    "org.selvage.search.",
                    "org.selvage.weaver.",
                    "org.selvage.report.",
                    "org.selvage.junit.",
                    "org.selvage.cli.");

    /** What is outside the heap, or inside the JVM. */
    private static final List<String> NATIVE =
            List.of(
                    "sun.misc.Unsafe",
                    "jdk.internal.foreign.",
                    "java.util.zip.Inflater",
                    "java.util.zip.Deflater");

    /** A state that was read, to be compared with others. */
    public static final class Sequence {
        private long[] values = new long[1 << 10];
        private int length;

        /** Holds no state yet. */
        public Sequence() {}
    }

    /** What the scheduler knows of the program's objects. */
    public interface Model {
        /** Whether this thread is controlled. */
        boolean isTask(Thread thread);

        /**
         * Puts in what belongs to an object but is not in its fields, such as a monitor's owner.
         */
        void describe(Object object, StateReader reader);
    }

    private enum Kind {
        /** Told apart by identity. */
        ATOM,
        /** Told apart by its class alone. */
        OPAQUE,
        UNSEEN,
        ORDINARY
    }

    private final Carrier carrier;
    private final Model model;
    private final IdentityHashMap<Object, Integer> atoms = new IdentityHashMap<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final IdentityHashMap<Class<?>, StateFields> layouts = new IdentityHashMap<>();
    private final IdentityHashMap<Class<?>, Kind> kinds = new IdentityHashMap<>();

    private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();
    private final List<Object> objects = new ArrayList<>();
    private final IdentityHashMap<Class<?>, Boolean> classes = new IdentityHashMap<>();
    private final List<Class<?>> classList = new ArrayList<>();
    private final IdentityHashMap<ClassLoader, Boolean> loaders = new IdentityHashMap<>();

    private Sequence saved = new Sequence();
    private int length;
    private boolean saves;
    private boolean differs;
    private String unseen = "";
    private long visited;

    /** Makes a reader of the program on this carrier. */
    public StateReader(Carrier carrier, Model model) {
        this.carrier = carrier;
        this.model = model;
    }

    /**
     * Begins to read a state.
     *
     * @param sequence where it is kept, or what it is compared with
     * @param save whether to keep it
     */
    public void begin(Sequence sequence, boolean save) {
        saved = sequence;
        saves = save;
        differs = false;
        unseen = "";
        length = 0;
        numbers.clear();
        objects.clear();
        classes.clear();
        classList.clear();
        loaders.clear();
        Repeatable repeatable = carrier.repeatable;
        repeatable.describe(this);
        put(carrier.identities.count());
        object(carrier.commonPool);
        object(carrier.defaultHandler);
        object(carrier.statics);
    }

    /**
     * Reads what can be reached from what was put in.
     *
     * @return whether the state is the one that was kept last; always if it was to be kept
     */
    public boolean end() {
        int object = 0;
        int type = 0;
        while (!differs && unseen.isEmpty()) {
            if (object < objects.size()) {
                contents(objects.get(object++));
            } else if (type < classList.size()) {
                statics(classList.get(type++));
            } else {
                break;
            }
        }
        visited += objects.size();
        if (saves) {
            saved.length = length;
        }
        return !differs && unseen.isEmpty() && length == saved.length;
    }

    /** What of the state just read could not be seen, or an empty string. */
    public String unseen() {
        return unseen;
    }

    /** How many objects were read so far, in all states. */
    public long visited() {
        return visited;
    }

    /** Puts a number into the state. */
    public void put(long value) {
        if (saves) {
            if (length == saved.values.length) {
                saved.values = Arrays.copyOf(saved.values, length * 2);
            }
            saved.values[length] = value;
        } else if (length >= saved.length || saved.values[length] != value) {
            differs = true;
        }
        length++;
    }

    /** Puts an object into the state, with all that it reaches. */
    public void object(@Nullable Object object) {
        if (object == null) {
            put(0L);
            return;
        }
        switch (kind(object)) {
            case ATOM -> put(atom(object));
            case OPAQUE -> put(type(object.getClass()));
            case UNSEEN -> unseen = "of class " + object.getClass().getName();
            case ORDINARY -> {
                Integer known = numbers.get(object);
                if (known == null) {
                    known = objects.size() + 1;
                    numbers.put(object, known);
                    objects.add(object);
                    if (known > MAX_OBJECTS) {
                        unseen = "more than " + MAX_OBJECTS + " objects";
                    }
                }
                put(known);
            }
        }
    }

    /**
     * Puts the frames of a suspended fiber into the state.
     *
     * @return the classes that have a compiled frame with a null in it
     */
    public Set<Class<?>> fiber(Fiber fiber) {
        return frames(StateFrames.of(fiber));
    }

    /**
     * Puts the frames of the fiber that is running, and calls this from a scheduling point, into
     * the state: as if it were suspended there.
     *
     * @return as {@link #fiber}
     */
    public Set<Class<?>> mounted() {
        return frames(StateFrames.ofMounted());
    }

    private Set<Class<?>> frames(List<StateFrames.Frame> frames) {
        Set<Class<?>> blind = new LinkedHashSet<>();
        for (StateFrames.Frame frame : frames) {
            Class<?> owner = frame.type();
            if (owner == Controller.class
                    || isHarness(owner, "org.selvage.hooks.")
                    || isBookkeeping(frame.method())) {
                continue;
            }
            put(type(owner));
            put(names.computeIfAbsent(frame.method(), name -> names.size()));
            put(frame.bytecode());
            boolean inLocals = slots(frame.locals());
            boolean inOperands = slots(frame.operands());
            if ((inLocals || inOperands)
                    && frame.isCompiled()
                    && !isHarness(owner, "")
                    && !owner.getName().contains("reflect.")) { // done with what it holds
                blind.add(owner);
            }
        }
        put(-1L);
        return blind;
    }

    private boolean slots(@Nullable Object[] slots) {
        boolean sawNull = false;
        put(slots.length);
        for (Object slot : slots) {
            Long primitive = StateFrames.primitive(slot);
            if (primitive != null) {
                put(primitive);
            } else {
                object(slot);
                sawNull |= slot == null;
            }
        }
        return sawNull;
    }

    /**
     * Has these classes interpreted where the JVM does that, so that their frames show all that is
     * in them once they have run again.
     */
    public void interpret(Set<Class<?>> types) {
        boolean was = carrier.setLive(false);
        try {
            types.forEach(CompiledCode::discard);
        } finally {
            carrier.setLive(was);
        }
    }

    /** Methods whose locals are epochs, which the program does not see. */
    private static boolean isBookkeeping(String method) {
        return method.startsWith("selvage$")
                || method.startsWith("announcePlain(")
                || method.startsWith("sharedRead(")
                || method.startsWith("sharedWrite(");
    }

    /** Whether a class is one of the harness, other than those whose names begin like this. */
    private static boolean isHarness(Class<?> type, String except) {
        String name = type.getName();
        if (name.startsWith("jdk.internal.vm.Continuation")) {
            return true;
        }
        if (!name.startsWith("org.selvage.")
                || type.getClassLoader() instanceof StaticsOwner
                || (!except.isEmpty() && name.startsWith(except))) {
            return false;
        }
        return HARNESS.stream().anyMatch(name::startsWith);
    }

    private long atom(Object object) {
        return -1L - atoms.computeIfAbsent(object, added -> atoms.size());
    }

    /** Notes a class, whose static variables belong to the state, and returns its number. */
    private long type(Class<?> type) {
        if (classes.put(type, true) == null) {
            classList.add(type);
            ClassLoader loader = type.getClassLoader();
            if (loader == null) {
                sentinels(type);
            } else if (isOfProgram(loader) && loaders.put(loader, true) == null) {
                loaded(loader);
            }
        }
        return atom(type);
    }

    private static boolean isOfProgram(ClassLoader loader) {
        return loader instanceof StaticsOwner
                || (loader != ClassLoader.getSystemClassLoader()
                        && loader != ClassLoader.getPlatformClassLoader()
                        && loader != StateReader.class.getClassLoader());
    }

    private void loaded(ClassLoader loader) {
        ArrayList<?> loaded = (ArrayList<?>) UNSAFE.getReference(loader, LOADED);
        synchronized (loaded) {
            for (Object type : loaded) {
                type((Class<?>) type);
            }
        }
    }

    /** Objects that static variables of the JDK compare others with. */
    private void sentinels(Class<?> type) {
        if (UNSAFE.shouldBeInitialized(type)) {
            return;
        }
        StateFields fields = layout(type);
        for (int i = 0; i < fields.staticReferences().length; i++) {
            Object value = UNSAFE.getReference(fields.base(), fields.staticReferences()[i]);
            if (value != null && value.getClass() == Object.class) {
                atom(value);
            }
        }
    }

    private void statics(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        put(atom(type));
        if (loader == null || isHarness(type, "")) {
            return;
        }
        boolean initialized = !UNSAFE.shouldBeInitialized(type);
        put(initialized ? 1 : 0);
        if (isOfProgram(loader)) {
            object(UNSAFE.getReference(type, CLASS_VALUES));
        }
        StateFields fields = layout(type);
        Object base = fields.base();
        if (initialized && base != null) {
            values(base, fields.staticOffsets(), fields.staticSizes());
            references(base, fields.staticReferences());
        }
    }

    private Kind kind(Object object) {
        if (object instanceof Thread thread) {
            return model.isTask(thread) || thread.getState() == Thread.State.NEW
                    ? Kind.ORDINARY
                    : Kind.ATOM;
        }
        if (object.getClass() == Object.class && atoms.containsKey(object)) {
            return Kind.ATOM;
        }
        return kinds.computeIfAbsent(object.getClass(), type -> kindOf(object, type));
    }

    private static Kind kindOf(Object object, Class<?> type) {
        String name = type.getName();
        if (isHarness(type, "")
                || object instanceof Continuation
                || name.equals("jdk.internal.misc.Unsafe")) {
            return Kind.OPAQUE;
        }
        if (NATIVE.stream().anyMatch(name::startsWith)
                || (object instanceof Buffer buffer && buffer.isDirect())
                || (object instanceof ClassValue && type.getClassLoader() != null)
                || (object instanceof ClassLoader
                        && type.getClassLoader() != null
                        && !(object instanceof StaticsOwner))
                || object instanceof FileDescriptor) {
            return Kind.UNSEEN;
        }
        if (object instanceof Class
                || object instanceof ClassLoader
                || object instanceof Module
                || object instanceof ModuleLayer
                || object instanceof VarHandle
                || object instanceof MethodType
                || object instanceof AccessibleObject
                || type == ThreadGroup.class
                || name.startsWith("java.lang.invoke.LambdaForm")
                || name.equals("java.lang.invoke.MemberName")) {
            return Kind.ATOM;
        }
        return Kind.ORDINARY;
    }

    private void contents(Object object) {
        Class<?> type = object.getClass();
        put(type(type));
        put(carrier.identities.count() == 0 ? 0 : carrier.identities.find(object));
        model.describe(object, this);
        if (object instanceof String text) {
            put(text.length());
            for (int i = 0; i < text.length(); i++) {
                put(text.charAt(i));
            }
        } else if (object instanceof Object[] array) {
            put(array.length);
            for (Object element : array) {
                object(element);
            }
        } else if (type.isArray()) {
            elements(object, type);
        } else {
            StateFields fields = layout(type);
            values(object, fields.offsets(), fields.sizes());
            references(object, fields.references());
        }
    }

    private void elements(Object array, Class<?> type) {
        int count = Array.getLength(array);
        put(count);
        long base = UNSAFE.arrayBaseOffset(type);
        int size = UNSAFE.arrayIndexScale(type);
        for (int i = 0; i < count && !differs; i++) {
            put(value(array, base + (long) i * size, size));
        }
    }

    private void values(Object base, long[] offsets, int[] sizes) {
        for (int i = 0; i < offsets.length; i++) {
            put(value(base, offsets[i], sizes[i]));
        }
    }

    private static long value(Object base, long offset, int size) {
        return switch (size) {
            case 1 -> UNSAFE.getByte(base, offset);
            case 2 -> UNSAFE.getShort(base, offset);
            case 4 -> UNSAFE.getInt(base, offset);
            default -> UNSAFE.getLong(base, offset);
        };
    }

    private void references(Object base, long[] offsets) {
        for (long offset : offsets) {
            object(UNSAFE.getReference(base, offset));
        }
    }

    private StateFields layout(Class<?> type) {
        return layouts.computeIfAbsent(type, made -> StateFields.of(made, DECLARED_FIELDS));
    }
}
