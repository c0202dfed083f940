package org.selvage.weaver;

import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Sites;

/**
 * A method of a collection of the JDK that is not meant to be shared. It first asks whether its
 * accesses shall be points ({@code org.selvage.hooks.JdkCollections}), and has its code twice: with
 * a hook before each access to a field, a node or an array, and as it was.
 */
final class JdkCollectionCode extends MethodVisitor {
    private static final String HOOKS = "org/selvage/hooks/JdkCollections";
    private static final String UTIL = "java/util/";
    private static final String HASH_MAP = "java/util/HashMap";

    /** The fields that a linked hash map has beside those of a hash map. */
    private static final Set<String> LINKS = Set.of("head", "tail", "putMode");

    /** The fields that every node of a hash map has. */
    private static final Set<String> INHERITED = Set.of("hash", "key", "next", "value");

    /** The collections, whose fields are variables. */
    private static final Set<String> COLLECTIONS =
            Set.of(
                    "java/util/ArrayDeque",
                    "java/util/ArrayList",
                    "java/util/BitSet",
                    "java/util/EnumMap",
                    "java/util/HashMap",
                    "java/util/IdentityHashMap",
                    "java/util/JumboEnumSet",
                    "java/util/LinkedHashMap",
                    "java/util/LinkedList",
                    "java/util/PriorityQueue",
                    "java/util/RegularEnumSet",
                    "java/util/TreeMap",
                    "java/util/WeakHashMap");

    /** Classes of what collections are made of, whose fields are variables. */
    private static final Set<String> NODES =
            Set.of(
                    "java/util/HashMap$Node",
                    "java/util/HashMap$TreeNode",
                    "java/util/LinkedHashMap$Entry",
                    "java/util/LinkedList$Node",
                    "java/util/TreeMap$Entry",
                    "java/util/WeakHashMap$Entry");

    /** A part with fields of its own that are variables, as threads may share it, too. */
    private static final String SUB_LIST = "java/util/ArrayList$SubList";

    /**
     * What an iterator or a view is part of: a collection, or another part of one.
     *
     * @param field its field that holds that
     * @param outer the type of the field
     */
    private record Part(String field, String outer) {}

    private static final Map<String, Part> PARTS =
            Map.ofEntries(
                    part("ArrayDeque$DeqIterator", "ArrayDeque"),
                    part("ArrayDeque$DescendingIterator", "ArrayDeque"),
                    part("ArrayList$ArrayListSpliterator", "ArrayList"),
                    part("ArrayList$Itr", "ArrayList"),
                    part("ArrayList$ListItr", "ArrayList"),
                    part("ArrayList$SubList", "root", "ArrayList"),
                    part("ArrayList$SubList$1", "ArrayList$SubList"),
                    part("EnumMap$EntryIterator", "EnumMap"),
                    part("EnumMap$EntrySet", "EnumMap"),
                    part("EnumMap$EnumMapIterator", "EnumMap"),
                    part("EnumMap$KeyIterator", "EnumMap"),
                    part("EnumMap$KeySet", "EnumMap"),
                    part("EnumMap$ValueIterator", "EnumMap"),
                    part("EnumMap$Values", "EnumMap"),
                    part("HashMap$EntrySet", "HashMap"),
                    part("HashMap$HashIterator", "HashMap"),
                    part("HashMap$KeySet", "HashMap"),
                    part("HashMap$Values", "HashMap"),
                    part("IdentityHashMap$EntryIterator", "IdentityHashMap"),
                    part("IdentityHashMap$EntrySet", "IdentityHashMap"),
                    part("IdentityHashMap$IdentityHashMapIterator", "IdentityHashMap"),
                    part("IdentityHashMap$KeySet", "IdentityHashMap"),
                    part("IdentityHashMap$Values", "IdentityHashMap"),
                    part("JumboEnumSet$EnumSetIterator", "JumboEnumSet"),
                    part("LinkedHashMap$LinkedEntrySet", "LinkedHashMap"),
                    part("LinkedHashMap$LinkedHashIterator", "LinkedHashMap"),
                    part("LinkedHashMap$LinkedKeySet", "LinkedHashMap"),
                    part("LinkedHashMap$LinkedValues", "LinkedHashMap"),
                    part("LinkedList$ListItr", "LinkedList"),
                    part("PriorityQueue$Itr", "PriorityQueue"),
                    part("RegularEnumSet$EnumSetIterator", "RegularEnumSet"),
                    part("TreeMap$AscendingSubMap", "m", "TreeMap"),
                    part("TreeMap$DescendingSubMap", "m", "TreeMap"),
                    part("TreeMap$EntrySet", "TreeMap"),
                    part("TreeMap$NavigableSubMap", "m", "TreeMap"),
                    part("TreeMap$NavigableSubMap$EntrySetView", "TreeMap$NavigableSubMap"),
                    part("TreeMap$NavigableSubMap$SubMapIterator", "TreeMap$NavigableSubMap"),
                    part("TreeMap$PrivateEntryIterator", "TreeMap"),
                    part("TreeMap$Values", "TreeMap"),
                    part("WeakHashMap$EntrySet", "WeakHashMap"),
                    part("WeakHashMap$HashIterator", "WeakHashMap"),
                    part("WeakHashMap$KeySet", "WeakHashMap"),
                    part("WeakHashMap$Values", "WeakHashMap"));

    /**
     * Fields that never change once the collection is published, or that hold a view which two
     * threads may well make at the same time.
     */
    private static final Set<String> CONSTANT =
            Set.of(
                    "accessOrder",
                    "comparator",
                    "descendingMap",
                    "entrySet",
                    "keySet",
                    "keyType",
                    "keyUniverse",
                    "loadFactor",
                    "navigableKeySet",
                    "sizeIsSticky",
                    "values");

    /** Methods that access nothing but such fields. */
    private static final Set<String> VIEWING =
            Set.of(
                    "comparator",
                    "descendingKeySet",
                    "descendingMap",
                    "entrySet",
                    "headMap",
                    "keySet",
                    "navigableKeySet",
                    "reversed",
                    "sequencedEntrySet",
                    "sequencedKeySet",
                    "sequencedValues",
                    "subMap",
                    "tailMap",
                    "values");

    private static final Set<String> ITERATING =
            Set.of("descendingIterator", "iterator", "listIterator", "spliterator", "subList");

    private static final Set<String> WRITING_PREFIXES =
            Set.of(
                    "add",
                    "clear",
                    "compute",
                    "ensureCapacity",
                    "flip",
                    "merge",
                    "offer",
                    "poll",
                    "pop",
                    "push",
                    "put",
                    "remove",
                    "replace",
                    "retain",
                    "set",
                    "sort",
                    "trimToSize");

    /** What a program calls such a collection by, beside its own class and general types. */
    private static final Set<String> KNOWN_AS =
            Set.of(
                    "java/util/AbstractList",
                    "java/util/AbstractSequentialList",
                    "java/util/Collections",
                    "java/util/EnumSet",
                    "java/util/HashSet",
                    "java/util/LinkedHashSet",
                    "java/util/TreeSet");

    private final MethodVisitor out;
    private final String owner;
    private final int access;
    private final String name;
    private final String descriptor;
    private final RecordedCode code;

    /** Whether the code accesses a variable. */
    private boolean hasAccesses;

    private JdkCollectionCode(
            RecordedCode code,
            MethodVisitor out,
            String owner,
            int access,
            String name,
            String descriptor) {
        super(OpenedClassReader.ASM_API, out);
        this.code = code;
        this.out = out;
        this.owner = owner;
        this.access = access;
        this.name = name;
        this.descriptor = descriptor;
    }

    private static Map.Entry<String, Part> part(String type, String outer) {
        return part(type, "this$0", outer);
    }

    private static Map.Entry<String, Part> part(String type, String field, String outer) {
        return Map.entry(UTIL + type, new Part(field, UTIL + outer));
    }

    /** The class of the collection that objects of a class are part of, or itself. */
    private static String whole(String type) {
        Part part = PARTS.get(type);
        return part == null ? type : whole(part.outer);
    }

    /** Whether a class of the JDK is such a collection, or a part of one. */
    static boolean isWoven(String internalName) {
        return COLLECTIONS.contains(internalName)
                || PARTS.containsKey(internalName)
                || internalName.equals("java/util/HashMap$TreeNode");
    }

    /** Whether a call of a method of this class of the JDK may be one on such a collection. */
    static boolean mayReach(String internalName) {
        return COLLECTIONS.contains(internalName)
                || KNOWN_AS.contains(internalName)
                || JdkEntries.isCollectionType(internalName);
    }

    /** Emits what precedes such a call in the program. */
    static void called(MethodVisitor mv, int site) {
        mv.visitLdcInsn(site);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, "called", "(I)V", false);
    }

    /** Emits what follows such a call in the program. */
    static void returned(MethodVisitor mv) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, "returned", "()V", false);
    }

    /** Puts the hooks into a method, unless it needs none. */
    static MethodVisitor of(
            MethodVisitor next, String owner, int access, String name, String descriptor) {
        return !isWoven(owner)
                        || name.charAt(0) == '<'
                        || VIEWING.contains(name)
                        || (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0
                ? next
                : new JdkCollectionCode(new RecordedCode(), next, owner, access, name, descriptor);
    }

    @Override
    public void visitCode() {
        super.visitCode();
        mv = code;
    }

    @Override
    public void visitLocalVariable(
            String variable,
            String type,
            @Nullable String signature,
            Label start,
            Label end,
            int index) {
        // Names of locals are of one of the two copies only, and nobody asks for them.
    }

    @Override
    public void visitFieldInsn(int opcode, String target, String field, String type) {
        hasAccesses |= !variable(target, field).isEmpty();
        super.visitFieldInsn(opcode, target, field, type);
    }

    @Override
    public void visitInsn(int opcode) {
        hasAccesses |=
                (opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD)
                        || (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE);
        super.visitInsn(opcode);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        mv = out;
        if (isOffered() && ITERATING.contains(name)) {
            iterate(whole(owner));
        } else if (hasAccesses) {
            Label original = new Label();
            ask();
            mv.visitJumpInsn(Opcodes.IFEQ, original);
            code.write(new Hooked(mv));
            mv.visitLabel(original);
            Object[] locals = locals();
            mv.visitFrame(Opcodes.F_FULL, locals.length, locals, 0, new Object[0]);
            mv.visitInsn(Opcodes.NOP); // the code may begin with a frame of its own
        } else if (isOffered()) {
            ask();
            mv.visitInsn(Opcodes.POP);
        }
        code.write(mv);
        super.visitMaxs(maxStack, maxLocals);
    }

    private void iterate(String whole) {
        loadCollection(mv);
        mv.visitLdcInsn(methodId());
        String field =
                whole.endsWith("EnumSet")
                        ? "elements"
                        : whole.endsWith("EnumMap") ? "vals" : "modCount";
        mv.visitLdcInsn(Sites.named(variable(whole, field)));
        call("iterate", "(Ljava/lang/Object;II)V");
    }

    /** Leaves on the stack whether to run the code with hooks. */
    private void ask() {
        boolean knows = loadCollection(mv);
        if (!isOffered()) {
            call("inside", knows ? "(Ljava/lang/Object;)Z" : "()Z");
            return;
        }
        if (owner.equals("java/util/LinkedHashMap") && name.startsWith("get")) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitFieldInsn(Opcodes.GETFIELD, owner, "accessOrder", "Z");
        } else {
            mv.visitInsn(isWriting() ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
        }
        mv.visitLdcInsn(methodId());
        call("enter", "(Ljava/lang/Object;ZI)Z");
    }

    private int methodId() {
        return Sites.register(
                owner.replace('/', '.'), name, 0, ProgramTypes.simpleName(owner) + "." + name);
    }

    /** Whether programs, or classes outside the collection, call the method. */
    private boolean isOffered() {
        return (access & Opcodes.ACC_STATIC) == 0
                && !owner.equals("java/util/HashMap$TreeNode")
                && ((access & Opcodes.ACC_PUBLIC) != 0
                        || name.equals("keyIterator")
                        || name.equals("descendingKeyIterator")
                        || name.equals("nextNode")
                        || name.equals("nextEntry")
                        || name.equals("prevEntry"));
    }

    private boolean isWriting() {
        for (String prefix : WRITING_PREFIXES) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return owner.equals("java/util/BitSet")
                && (name.equals("and")
                        || name.equals("andNot")
                        || name.equals("or")
                        || name.equals("xor"));
    }

    /** Pushes the collection that the method is about; false if it knows none. */
    private boolean loadCollection(MethodVisitor target) {
        if ((access & Opcodes.ACC_STATIC) != 0 || NODES.contains(owner)) {
            return false;
        }
        target.visitVarInsn(Opcodes.ALOAD, 0);
        String type = owner;
        for (Part part = PARTS.get(type); part != null; part = PARTS.get(type)) {
            target.visitFieldInsn(Opcodes.GETFIELD, type, part.field, "L" + part.outer + ";");
            type = part.outer;
        }
        return true;
    }

    private Object[] locals() {
        Type[] arguments = Type.getArgumentTypes(descriptor);
        boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
        Object[] locals = new Object[arguments.length + (isStatic ? 0 : 1)];
        int at = 0;
        if (!isStatic) {
            locals[at++] = owner;
        }
        for (Type argument : arguments) {
            locals[at++] =
                    switch (argument.getSort()) {
                        case Type.LONG -> Opcodes.LONG;
                        case Type.DOUBLE -> Opcodes.DOUBLE;
                        case Type.FLOAT -> Opcodes.FLOAT;
                        case Type.ARRAY, Type.OBJECT -> argument.getInternalName();
                        default -> Opcodes.INTEGER;
                    };
        }
        return locals;
    }

    private void call(String hook, String hookDescriptor) {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, hookDescriptor, false);
    }

    /** What a field that is a variable is called, or an empty string for any other. */
    private static String variable(String target, String field) {
        if (target.equals(SUB_LIST)) {
            return field.equals("size") || field.equals("modCount") ? "SubList." + field : "";
        }
        if ((!COLLECTIONS.contains(target) && !NODES.contains(target))
                || CONSTANT.contains(field)
                || (field.equals("queue") && target.equals("java/util/WeakHashMap"))) {
            return "";
        }
        String declaring =
                switch (target) {
                    case "java/util/LinkedHashMap" -> LINKS.contains(field) ? target : HASH_MAP;
                    case "java/util/LinkedHashMap$Entry", "java/util/HashMap$TreeNode" ->
                            INHERITED.contains(field) ? HASH_MAP + "$Node" : target;
                    default -> target;
                };
        boolean isEntry =
                declaring.endsWith("HashMap$Node") || declaring.endsWith("WeakHashMap$Entry");
        return isEntry && (field.equals("hash") || field.equals("key"))
                ? ""
                : ProgramTypes.simpleName(declaring).replace('$', '.') + "." + field;
    }

    /** Writes the code with hooks. */
    private final class Hooked extends MethodVisitor {
        Hooked(MethodVisitor next) {
            super(OpenedClassReader.ASM_API, next);
        }

        private void hook(String hook, String parameters, String variable) {
            if (!loadCollection(mv)) {
                super.visitInsn(Opcodes.ACONST_NULL);
            }
            super.visitLdcInsn(Sites.named(variable));
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC, HOOKS, hook, parameters + "Ljava/lang/Object;I)V", false);
        }

        @Override
        public void visitFieldInsn(int opcode, String target, String field, String type) {
            String variable = variable(target, field);
            if (!variable.isEmpty() && opcode == Opcodes.GETFIELD) {
                super.visitInsn(Opcodes.DUP);
                hook("read", "(Ljava/lang/Object;", variable);
            } else if (!variable.isEmpty() && opcode == Opcodes.PUTFIELD) {
                ProgramMethod.copyReceiver(mv, type);
                hook("write", "(Ljava/lang/Object;", variable);
            }
            super.visitFieldInsn(opcode, target, field, type);
        }

        @Override
        public void visitInsn(int opcode) {
            String field = ProgramTypes.simpleName(whole(owner)).replace('$', '.') + "[]";
            if (opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD) {
                super.visitInsn(Opcodes.DUP2);
                hook("readElement", "(Ljava/lang/Object;I", field);
            } else if (opcode == Opcodes.LASTORE || opcode == Opcodes.DASTORE) {
                super.visitInsn(Opcodes.DUP2_X2);
                super.visitInsn(Opcodes.POP2);
                super.visitInsn(Opcodes.DUP2_X2);
                hook("writeElement", "(Ljava/lang/Object;I", field);
            } else if (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE) {
                super.visitInsn(Opcodes.DUP_X2);
                super.visitInsn(Opcodes.POP);
                super.visitInsn(Opcodes.DUP2_X1);
                hook("writeElement", "(Ljava/lang/Object;I", field);
            }
            super.visitInsn(opcode);
        }
    }
}
