package org.selvage.weaver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.OperationKind;

/**
 * Which methods of the JDK call a hook when they are entered, and how.
 *
 * <p>Every public method of the concurrent classes is one operation on its object. The few methods
 * that block or that change who owns a lock have hooks of their own; when such a hook says that it
 * did the method's work, the method returns.
 */
final class JdkEntries {
    static final String HOOKS = "org/selvage/hooks/Hooks";

    private static final String KIND = "org/selvage/hooks/OperationKind";
    private static final String THREAD = "java/lang/Thread";
    private static final String LOCKS = "java/util/concurrent/locks/";
    private static final String REENTRANT_LOCK = LOCKS + "ReentrantLock";
    private static final String READ_WRITE_LOCK = LOCKS + "ReentrantReadWriteLock";

    private static final String FIELD = Replacements.FIELD;
    private static final String LOOKUP = "java/lang/invoke/MethodHandles$Lookup";

    private static final Set<String> THREAD_OPERATIONS =
            Set.of(
                    "start",
                    "startVirtualThread",
                    "join",
                    "sleep",
                    "yield",
                    "onSpinWait",
                    "interrupt",
                    "isInterrupted",
                    "interrupted",
                    "isAlive",
                    "getState",
                    "activeCount",
                    "enumerate");

    private static final String THREAD_GROUP = "java/lang/ThreadGroup";

    /** Methods that look at all threads. */
    private static final Set<String> THREAD_GROUP_OPERATIONS =
            Set.of("activeCount", "enumerate", "interrupt");

    private static final String SYSTEM = "java/lang/System";

    /** Methods that look at the system's properties, or change them. */
    private static final Set<String> PROPERTY_OPERATIONS =
            Set.of("getProperty", "setProperty", "clearProperty", "getProperties", "setProperties");

    /**
     * Interfaces that the program implements and the JDK calls; a call by the program itself is an
     * ordinary one.
     */
    private static final Set<String> CALLBACKS =
            Set.of(
                    "java/util/concurrent/Callable",
                    "java/util/concurrent/ThreadFactory",
                    "java/util/concurrent/RejectedExecutionHandler",
                    "java/util/concurrent/ForkJoinPool$ManagedBlocker",
                    "java/util/concurrent/ForkJoinPool$ForkJoinWorkerThreadFactory",
                    "java/util/concurrent/Delayed");

    /** What a program may call a concurrent collection by, beside the types of its package. */
    private static final Set<String> SUPERTYPES =
            Set.of(
                    "java/lang/Iterable",
                    "java/util/AbstractCollection",
                    "java/util/AbstractMap",
                    "java/util/AbstractQueue",
                    "java/util/AbstractSet",
                    "java/util/Collection",
                    "java/util/Deque",
                    "java/util/Enumeration",
                    "java/util/Iterator",
                    "java/util/List",
                    "java/util/ListIterator",
                    "java/util/Map",
                    "java/util/NavigableMap",
                    "java/util/NavigableSet",
                    "java/util/Queue",
                    "java/util/SequencedCollection",
                    "java/util/SequencedMap",
                    "java/util/SequencedSet",
                    "java/util/Set",
                    "java/util/SortedMap",
                    "java/util/SortedSet");

    /** Methods that touch nothing that is shared, or that not every class declares. */
    private static final Set<String> PRIVATE_METHODS =
            Set.of(
                    "toString",
                    "hashCode",
                    "equals",
                    "getClass",
                    "hasNext",
                    "hasPrevious",
                    "hasMoreElements",
                    "newCondition",
                    "readLock",
                    "writeLock",
                    "asReadLock",
                    "asWriteLock",
                    "asReadWriteLock",
                    "isFair",
                    "isHeldByCurrentThread",
                    "getHoldCount",
                    "isWriteLockedByCurrentThread",
                    "getReadHoldCount",
                    "getWriteHoldCount");

    private static final Set<String> CLOCKS =
            Set.of("java/util/Date", "java/time/Clock", "java/time/Clock$SystemClock");

    /** What follows the hook's call. */
    private enum After {
        CONTINUE,
        RETURN_IF_TRUE,
        RETURN_UNLESS_NEGATIVE,
        RETURN_UNLESS_NULL
    }

    /**
     * One hooked method.
     *
     * @param arguments what the hook gets, one letter each: t this, s the field {@code sync} of
     *     this, n null; a digit after A or J is an object or a long in that local variable
     */
    private record Rule(String arguments, String hook, String descriptor, After after) {}

    private static final Map<String, Rule> RULES = rules();

    private static final List<String> READING_PREFIXES =
            List.of(
                    "get",
                    "is",
                    "has",
                    "contains",
                    "peek",
                    "size",
                    "element",
                    "remaining",
                    "available",
                    "toArray",
                    "int",
                    "long",
                    "float",
                    "double",
                    "equals",
                    "hashCode",
                    "first",
                    "last",
                    "next",
                    "previous",
                    "iterator",
                    "keys",
                    "values",
                    "entrySet",
                    "keySet",
                    "stream",
                    "forEach",
                    "sum",
                    "mappingCount");

    private static final Set<String> WRITING =
            Set.of("set", "lazySet", "setVolatile", "setRelease", "setPlain", "setOpaque", "reset");

    private JdkEntries() {}

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        String thread = "Ljava/lang/Thread;";
        String object = "Ljava/lang/Object;";
        After done = After.RETURN_IF_TRUE;
        rules.put(THREAD + ".start()V", new Rule("t", "start", "(" + thread + ")Z", done));
        rules.put(
                THREAD + ".start(Ljdk/internal/vm/ThreadContainer;)V",
                new Rule(
                        "tA1",
                        "start",
                        "(" + thread + "Ljdk/internal/vm/ThreadContainer;)Z",
                        done));
        rules.put(THREAD + ".sleepNanos(J)V", new Rule("J0", "sleepNanos", "(J)Z", done));
        rules.put(THREAD + ".yield()V", new Rule("", "yieldNow", "()Z", done));
        rules.put(THREAD + ".join(J)V", new Rule("tJ1", "join", "(" + thread + "J)Z", done));
        rules.put(
                THREAD + ".join(Ljava/time/Duration;)Z",
                new Rule(
                        "tA1",
                        "join",
                        "(" + thread + "Ljava/time/Duration;)I",
                        After.RETURN_UNLESS_NEGATIVE));
        rules.put(
                THREAD + ".interrupt()V",
                new Rule("t", "beforeInterrupt", "(" + thread + ")V", After.CONTINUE));
        rules.put(
                THREAD + ".alive()Z",
                new Rule("t", "alive", "(" + thread + ")I", After.RETURN_UNLESS_NEGATIVE));
        rules.put(
                THREAD + ".threadState()Ljava/lang/Thread$State;",
                new Rule(
                        "t",
                        "state",
                        "(" + thread + ")Ljava/lang/Thread$State;",
                        After.RETURN_UNLESS_NULL));
        String support = LOCKS + "LockSupport.";
        Rule park = new Rule("n", "park", "(" + object + ")Z", done);
        rules.put(support + "park()V", park);
        rules.put(support + "park(" + object + ")V", new Rule("A0", "park", park.descriptor, done));
        String timed = "(" + object + "J)Z";
        rules.put(support + "parkNanos(J)V", new Rule("nJ0", "parkNanos", timed, done));
        rules.put(
                support + "parkNanos(" + object + "J)V",
                new Rule("A0J1", "parkNanos", timed, done));
        rules.put(support + "parkUntil(J)V", new Rule("nJ0", "parkUntil", timed, done));
        rules.put(
                support + "parkUntil(" + object + "J)V",
                new Rule("A0J1", "parkUntil", timed, done));
        rules.put(
                support + "getBlocker(" + thread + ")" + object,
                new Rule("A0", "blocker", "(" + thread + ")" + object, After.RETURN_UNLESS_NULL));
        rules.put(
                support + "unpark(" + thread + ")V",
                new Rule("A0", "unpark", "(" + thread + ")Z", done));
        String take = "(" + object + ")V";
        rules.put(REENTRANT_LOCK + ".lock()V", new Rule("s", "lock", take, After.CONTINUE));
        rules.put(
                REENTRANT_LOCK + ".lockInterruptibly()V",
                new Rule("s", "lockInterruptibly", take, After.CONTINUE));
        String synchronizer = "Ljava/util/concurrent/locks/AbstractQueuedSynchronizer;";
        rules.put(
                REENTRANT_LOCK + ".getQueueLength()I",
                new Rule(
                        "s",
                        "queueLength",
                        "(" + synchronizer + ")I",
                        After.RETURN_UNLESS_NEGATIVE));
        rules.put(
                REENTRANT_LOCK + ".hasQueuedThreads()Z",
                new Rule(
                        "s", "hasQueued", "(" + synchronizer + ")I", After.RETURN_UNLESS_NEGATIVE));
        rules.put(
                REENTRANT_LOCK + ".hasQueuedThread(" + thread + ")Z",
                new Rule(
                        "sA1",
                        "hasQueued",
                        "(" + synchronizer + thread + ")I",
                        After.RETURN_UNLESS_NEGATIVE));
        Rule allThreads =
                new Rule("", "threads", "()[Ljava/lang/Thread;", After.RETURN_UNLESS_NULL);
        rules.put(THREAD + ".getAllThreads()[Ljava/lang/Thread;", allThreads);
        String handler = "Ljava/lang/Thread$UncaughtExceptionHandler;";
        rules.put(
                THREAD + ".setDefaultUncaughtExceptionHandler(" + handler + ")V",
                new Rule("A0", "setDefaultHandler", "(" + handler + ")Z", done));
        rules.put(
                THREAD + ".getDefaultUncaughtExceptionHandler()" + handler,
                new Rule("", "defaultHandler", "()" + handler, After.RETURN_UNLESS_NULL));
        rules.put("java/lang/Runtime.exit(I)V", new Rule("I1", "exit", "(I)Z", done));
        rules.put("java/lang/Runtime.halt(I)V", new Rule("I1", "halt", "(I)Z", done));
        rules.put(
                "java/lang/Runtime.addShutdownHook(" + thread + ")V",
                new Rule("A1", "addShutdownHook", "(" + thread + ")Z", done));
        rules.put(
                "java/lang/Runtime.removeShutdownHook(" + thread + ")Z",
                new Rule(
                        "A1",
                        "removeShutdownHook",
                        "(" + thread + ")I",
                        After.RETURN_UNLESS_NEGATIVE));
        rules.put(
                "java/security/SecureRandom.nextBytes([B)V",
                new Rule("A1", "randomBytes", "([B)Z", done));
        Rule field = new Rule("t", "fieldUsed", "(Ljava/lang/reflect/Field;)V", After.CONTINUE);
        String accessor = "()Ljdk/internal/reflect/FieldAccessor;";
        rules.put(FIELD + ".getFieldAccessor" + accessor, field);
        rules.put(FIELD + ".getOverrideFieldAccessor" + accessor, field);
        Rule fields = new Rule("A1", "fieldsUsed", "(Ljava/lang/Class;)V", After.CONTINUE);
        String named = "(Ljava/lang/Class;Ljava/lang/String;Ljava/lang/Class;)Ljava/lang/invoke/";
        rules.put(LOOKUP + ".findStaticVarHandle" + named + "VarHandle;", fields);
        rules.put(LOOKUP + ".findStaticGetter" + named + "MethodHandle;", fields);
        rules.put(LOOKUP + ".findStaticSetter" + named + "MethodHandle;", fields);
        rules.put(LOOKUP + ".ensureInitialized(Ljava/lang/Class;)Ljava/lang/Class;", fields);
        Rule nextWork = new Rule("", "nextWork", "()V", After.CONTINUE);
        rules.put("java/util/concurrent/ForkJoinTask.doExec()V", nextWork);
        rules.put(
                "java/util/concurrent/ThreadPoolExecutor.getTask()Ljava/lang/Runnable;", nextWork);
        rules.put(THREAD + ".interrupted()Z", new Rule("", "interrupted", "()V", After.CONTINUE));
        rules.put(
                LOCKS + "AbstractOwnableSynchronizer.setExclusiveOwnerThread(" + thread + ")V",
                new Rule("tA1", "ownerChanged", "(" + object + thread + ")V", After.CONTINUE));
        return rules;
    }

    /** Whether a class of the JDK is woven and calls to its methods are worth a site. */
    static boolean covers(String internalName) {
        return internalName.startsWith("java/util/concurrent/") || internalName.equals(THREAD);
    }

    /** Whether calls to methods of this class may be worth a site, as what they call is woven. */
    static boolean reaches(String internalName) {
        return isFileAccess(internalName)
                || internalName.equals(THREAD_GROUP)
                || internalName.equals(SYSTEM);
    }

    /** Whether a class of the JDK is woven, if only for its clock or its monitors. */
    static boolean isWoven(String internalName) {
        return covers(internalName)
                || CLOCKS.contains(internalName)
                || internalName.equals(FIELD)
                || internalName.equals(LOOKUP)
                || JdkReplacements.isWoven(internalName)
                || JdkVariables.isWoven(internalName)
                || Replacements.isHashTable(internalName)
                || Uncontrolled.isWoven(internalName)
                || RunEntry.isWoven(internalName)
                || isSynchronizedView(internalName)
                || JdkCollectionCode.isWoven(internalName)
                || JdkMonitorCalls.isWoven(internalName);
    }

    /**
     * Whether this is a view that {@link java.util.Collections#synchronizedList} and its like
     * return.
     */
    static boolean isSynchronizedView(String internalName) {
        return internalName.startsWith("java/util/Collections$Synchronized");
    }

    /** Whether a call needs a site, which the hooked method takes that it reaches. */
    static boolean takesSite(String owner, String name, boolean isStatic) {
        if (isFileAccess(owner)) {
            return true;
        }
        if (owner.equals(THREAD)) {
            return THREAD_OPERATIONS.contains(name);
        }
        if (owner.equals(THREAD_GROUP)) {
            return THREAD_GROUP_OPERATIONS.contains(name);
        }
        if (owner.equals(SYSTEM)) {
            return PROPERTY_OPERATIONS.contains(name);
        }
        if (owner.equals("java/util/concurrent/TimeUnit")) {
            return name.equals("sleep") || name.startsWith("timed");
        }
        if (isStatic) {
            return owner.equals("java/util/concurrent/CompletableFuture")
                    || owner.equals(LOCKS + "LockSupport");
        }
        return !CALLBACKS.contains(owner)
                && !owner.startsWith("java/util/concurrent/Flow$")
                && !PRIVATE_METHODS.contains(name);
    }

    /**
     * Whether a call by way of a more general type is an operation if its receiver turns out to be
     * a concurrent collection, or part of one ({@code Hooks.collectionCall}).
     */
    static boolean mayBeConcurrent(String owner, String name, boolean isStatic) {
        return !isStatic
                && (isCollectionType(owner)
                        ? !PRIVATE_METHODS.contains(name)
                        : owner.equals("java/util/Map$Entry") && name.equals("setValue"));
    }

    /** Whether this is a general type of collections, concurrent ones among them. */
    static boolean isCollectionType(String internalName) {
        return SUPERTYPES.contains(internalName);
    }

    /** With a copy of the receiver on top of the stack: such a call. */
    static void collectionCall(MethodVisitor mv, String name, int site) {
        loadKind(mv, kind(name));
        mv.visitLdcInsn(site);
        hook(mv, "collectionCall", "(Ljava/lang/Object;L" + KIND + ";I)V");
    }

    static void loadKind(MethodVisitor mv, OperationKind kind) {
        mv.visitFieldInsn(Opcodes.GETSTATIC, KIND, kind.name(), "L" + KIND + ";");
    }

    /** Whether a call is sure to reach a hooked method, so that its site does not stay behind. */
    static boolean surelyTakesSite(String owner) {
        return owner.equals(THREAD)
                || owner.equals(SYSTEM)
                || owner.startsWith("java/util/concurrent/atomic/")
                || owner.equals(REENTRANT_LOCK)
                || owner.startsWith(READ_WRITE_LOCK)
                || owner.equals(LOCKS + "LockSupport")
                || owner.equals("java/util/concurrent/Semaphore")
                || owner.equals("java/util/concurrent/CountDownLatch");
    }

    /**
     * Whether calls to methods of this class reach a file, where a simulated disk makes the point.
     */
    static boolean isFileAccess(String internalName) {
        return internalName.equals("java/nio/channels/FileChannel")
                || internalName.equals("java/nio/channels/SeekableByteChannel")
                || internalName.equals("java/nio/file/Files");
    }

    /**
     * Emits the entry hook of a method, if it has one.
     *
     * @param mv writes the method's code, of which nothing was written yet
     */
    static void emit(MethodVisitor mv, String owner, int access, String name, String descriptor) {
        Rule rule = RULES.get(owner + "." + name + descriptor);
        if (rule != null) {
            load(mv, owner, rule.arguments);
            mv.visitMethodInsn(
                    Opcodes.INVOKESTATIC,
                    JdkReplacements.ENTRY_HOOKS.contains(rule.hook) ? JdkReplacements.HOOKS : HOOKS,
                    rule.hook,
                    rule.descriptor,
                    false);
            emit(mv, rule.after, Type.getReturnType(rule.descriptor));
        } else if (owner.equals(SYSTEM) && PROPERTY_OPERATIONS.contains(name)) {
            mv.visitLdcInsn(Type.getObjectType(SYSTEM));
            loadKind(mv, kind(name));
            hook(mv, "enter", "(Ljava/lang/Object;L" + KIND + ";)V");
        } else if (VariableCode.isUpdate(owner, descriptor)) {
            if (isOperation(owner, access, name)) {
                VariableCode.update(mv, kind(name));
            }
        } else if (covers(owner) && isOperation(owner, access, name)) {
            boolean lock = owner.equals(REENTRANT_LOCK) || owner.startsWith(READ_WRITE_LOCK + "$");
            load(mv, owner, lock ? "s" : "t");
            OperationKind kind = lock ? lockKind(name) : kind(name);
            loadKind(mv, kind);
            String enter = isPartOfCollection(owner) ? "enterPart" : "enter";
            hook(mv, enter, "(Ljava/lang/Object;L" + KIND + ";)V");
        }
    }

    private static boolean isOperation(String owner, int access, String name) {
        if ((access & Opcodes.ACC_PUBLIC) == 0
                || (access & Opcodes.ACC_STATIC) != 0
                || name.charAt(0) == '<'
                || PRIVATE_METHODS.contains(name)) {
            return false;
        }
        if (owner.equals(THREAD)) {
            return name.equals("isInterrupted");
        }
        if (owner.equals("java/util/concurrent/TimeUnit")) {
            return false;
        }
        return !owner.startsWith(READ_WRITE_LOCK + "$")
                || owner.endsWith("$ReadLock")
                || owner.endsWith("$WriteLock");
    }

    /** Whether it may be a view, an iterator or the like of a concurrent collection. */
    private static boolean isPartOfCollection(String owner) {
        return owner.indexOf('$') >= 0 && owner.lastIndexOf('/') == "java/util/concurrent".length();
    }

    private static OperationKind lockKind(String name) {
        return switch (name) {
            case "lock", "lockInterruptibly" -> OperationKind.LOCK;
            case "tryLock" -> OperationKind.TRY_LOCK;
            case "unlock" -> OperationKind.UNLOCK;
            default -> OperationKind.READ;
        };
    }

    /**
     * What a method of a concurrent object does to it, told from its name; updating when in doubt.
     */
    static OperationKind kind(String name) {
        if (WRITING.contains(name)) {
            return OperationKind.WRITE;
        }
        // Some methods read and write, although a prefix would take them for reading.
        if (!name.startsWith("getAnd") && !name.equals("sumThenReset")) {
            for (String prefix : READING_PREFIXES) {
                if (name.startsWith(prefix)) {
                    return OperationKind.READ;
                }
            }
        }
        return OperationKind.UPDATE;
    }

    private static void load(MethodVisitor mv, String owner, String arguments) {
        for (int i = 0; i < arguments.length(); i++) {
            switch (arguments.charAt(i)) {
                case 't' -> mv.visitVarInsn(Opcodes.ALOAD, 0);
                case 's' -> {
                    String outer =
                            owner.startsWith(READ_WRITE_LOCK) ? READ_WRITE_LOCK : REENTRANT_LOCK;
                    String type = Type.getObjectType(outer + "$Sync").getDescriptor();
                    mv.visitVarInsn(Opcodes.ALOAD, 0);
                    mv.visitFieldInsn(Opcodes.GETFIELD, owner, "sync", type);
                }
                case 'n' -> mv.visitInsn(Opcodes.ACONST_NULL);
                case 'A' -> mv.visitVarInsn(Opcodes.ALOAD, arguments.charAt(++i) - '0');
                case 'I' -> mv.visitVarInsn(Opcodes.ILOAD, arguments.charAt(++i) - '0');
                case 'J' -> mv.visitVarInsn(Opcodes.LLOAD, arguments.charAt(++i) - '0');
                default -> throw new IllegalArgumentException("arguments=" + arguments);
            }
        }
    }

    static void hook(MethodVisitor mv, String name, String descriptor) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, name, descriptor, false);
    }

    private static void emit(MethodVisitor mv, After after, Type returned) {
        Label goOn = new Label();
        switch (after) {
            case CONTINUE -> {}
            case RETURN_IF_TRUE -> {
                mv.visitJumpInsn(Opcodes.IFEQ, goOn);
                mv.visitInsn(Opcodes.RETURN);
                mv.visitLabel(goOn);
                mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
            }
            case RETURN_UNLESS_NEGATIVE -> {
                mv.visitInsn(Opcodes.DUP);
                mv.visitJumpInsn(Opcodes.IFLT, goOn);
                mv.visitInsn(Opcodes.IRETURN);
                popAt(mv, goOn, Opcodes.INTEGER);
            }
            case RETURN_UNLESS_NULL -> {
                mv.visitInsn(Opcodes.DUP);
                mv.visitJumpInsn(Opcodes.IFNULL, goOn);
                mv.visitInsn(Opcodes.ARETURN);
                popAt(mv, goOn, returned.getInternalName());
            }
        }
    }

    private static void popAt(MethodVisitor mv, Label label, @Nullable Object stackType) {
        mv.visitLabel(label);
        mv.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {stackType});
        mv.visitInsn(Opcodes.POP);
    }
}
