package org.selvage.weaver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.bytebuddy.description.field.FieldDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Sites;

/**
 * What the weaver must know of classes other than the one it weaves, read from class files without
 * loading them.
 */
final class ProgramTypes {
    private final TypePool pool;
    private final Map<String, @Nullable FieldUse> fields = new HashMap<>();
    private final Map<String, String> concurrent = new HashMap<>();
    private final Map<String, Boolean> monitored = new HashMap<>();
    private final Map<String, List<String>> superclasses = new HashMap<>();
    private final Map<String, Boolean> programs = new HashMap<>();

    /** How an access to a field is woven. */
    enum Access {
        /** Not at all: the field never changes, or it is none of the program's. */
        NONE,
        VOLATILE,
        PLAIN
    }

    /**
     * A field as a scheduling point sees it.
     *
     * @param target its simple class and name, as reports show it
     * @param access how an access is woven
     * @param declaring the class that declares it
     * @param id the field's own id in {@link Sites}, if its accesses are plain
     */
    record FieldUse(String target, Access access, String declaring, int id) {}

    private final Predicate<String> program;
    private final ClassFiles files;
    private final boolean freshStatics;
    private final Map<String, ClassStatics> statics = new HashMap<>();

    /**
     * Makes it for one loader.
     *
     * @param files the class files of the program
     * @param parent has the class files of all other classes
     * @param program whether the class of this name is woven
     * @param freshStatics whether classes are woven so that their initialisers can run again
     */
    ProgramTypes(
            ClassFiles files, ClassLoader parent, Predicate<String> program, boolean freshStatics) {
        this.program = program;
        this.files = files;
        this.freshStatics = freshStatics;
        pool =
                TypePool.Default.WithLazyResolution.of(
                        new ClassFileLocator.Compound(
                                files,
                                ClassFileLocator.ForClassLoader.of(parent),
                                ClassFileLocator.ForClassLoader.ofPlatformLoader()));
    }

    boolean freshStatics() {
        return freshStatics;
    }

    /**
     * Whether the initialisation of a class of the program is modelled, so that a use of the class
     * must ask for it.
     */
    boolean isReset(String owner) {
        return statics(owner).kind() == ClassStatics.Kind.RESET;
    }

    /** Where a field of a class is: with its interface's holder, or where the instruction says. */
    String holder(String declaring, String field, String owner) {
        return statics(declaring).moved().contains(field) ? StaticReset.holder(declaring) : owner;
    }

    /** Where the members are that initialise a class: itself, or the holder of an interface. */
    String home(String owner) {
        return statics(owner).home(owner);
    }

    private synchronized ClassStatics statics(String owner) {
        if (!freshStatics || owner.startsWith("java/")) {
            return ClassStatics.OF_CONSTANTS;
        }
        ClassStatics known = statics.get(owner);
        if (known == null) {
            known = readStatics(owner);
            statics.put(owner, known);
        }
        return known;
    }

    private ClassStatics readStatics(String owner) {
        ClassStatics constant = ClassStatics.OF_CONSTANTS;
        if (!isProgram(owner.replace('/', '.'))) {
            return constant;
        }
        try {
            ClassFileLocator.Resolution found = files.locate(owner.replace('/', '.'));
            return found.isResolved() ? findStatics(found.resolve()) : constant;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a class keeps in its static variables, told from its class file. */
    synchronized ClassStatics statics(String owner, byte[] classFile) {
        ClassStatics known = statics.get(owner);
        if (known == null) {
            known = findStatics(classFile);
            statics.put(owner, known);
        }
        return known;
    }

    /**
     * A class without static variables takes part in the initialisation of its superclass: its own
     * begins with that.
     */
    private ClassStatics findStatics(byte[] classFile) {
        ClassStatics own = ClassStatics.of(classFile);
        String parent = OpenedClassReader.of(classFile).getSuperName();
        return own.kind() == ClassStatics.Kind.CONSTANT && parent != null && isReset(parent)
                ? ClassStatics.OF_RESET
                : own;
    }

    /** Whether such a call may be one on a collection of the JDK that is not meant to be shared. */
    synchronized boolean isCollection(String owner, String name, boolean isStatic) {
        if (isStatic) {
            return owner.equals("java/util/Collections");
        }
        if (name.equals("<init>")) {
            return owner.startsWith("java/util/") && JdkCollectionCode.mayReach(owner);
        }
        if (owner.startsWith("java/") || owner.startsWith("[")) {
            return JdkCollectionCode.mayReach(owner);
        }
        return descends(owner, JdkCollectionCode::mayReach);
    }

    /** The field that this name resolves to, or null if no class file declares it. */
    synchronized @Nullable FieldUse field(String owner, String name) {
        return fields.computeIfAbsent(owner + "." + name, key -> findField(owner, name));
    }

    private synchronized boolean isProgram(String className) {
        return programs.computeIfAbsent(className, program::test);
    }

    private @Nullable FieldUse findField(String owner, String name) {
        TypeDescription type = describe(owner);
        while (type != null) {
            for (FieldDescription field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return use(type, field);
                }
            }
            for (TypeDescription.Generic above : type.getInterfaces()) {
                FieldUse found = findField(above.asErasure().getInternalName(), name);
                if (found != null) {
                    return found;
                }
            }
            type = parent(type);
        }
        return null;
    }

    private FieldUse use(TypeDescription type, FieldDescription field) {
        String target = simpleName(type.getName()) + "." + field.getName();
        Access access = Access.NONE;
        int id = 0;
        if (field.isVolatile()) {
            access = Access.VOLATILE;
        } else if (!field.isFinal() && isProgram(type.getName())) {
            access = Access.PLAIN;
            id = Sites.field(type.getName(), field.getName());
        }
        return new FieldUse(target, access, type.getInternalName(), id);
    }

    private static @Nullable TypeDescription parent(TypeDescription type) {
        TypeDescription.Generic parent = type.getSuperClass();
        return parent == null ? null : parent.asErasure();
    }

    /** Whether a class that the program's may extend has the hash code of {@link Object}. */
    synchronized boolean hasIdentityHash(@Nullable String superclass) {
        if (superclass == null || isProgram(superclass.replace('/', '.'))) {
            return false; // it has one of its own, if only woven in
        }
        TypeDescription type = describe(superclass);
        while (type != null && !type.represents(Object.class)) {
            for (MethodDescription method : type.getDeclaredMethods()) {
                if (method.getName().equals("hashCode") && method.getParameters().isEmpty()) {
                    return false;
                }
            }
            type = parent(type);
        }
        return type != null;
    }

    /** Whether a method reference to this method needs a site: the method is hooked or may be. */
    boolean takesSite(String owner, String name, String descriptor, boolean isStatic) {
        String declaring = concurrentClass(owner, name, descriptor);
        return !declaring.isEmpty() && JdkEntries.takesSite(declaring, name, isStatic);
    }

    /**
     * Whether such a call may reach a synchronized method of the JDK: its class has some, or is one
     * of the program's that inherits them.
     */
    synchronized boolean isMonitored(String owner, String name, String descriptor) {
        if (owner.startsWith("java/") || owner.startsWith("[")) {
            return JdkMonitorCalls.mayReach(owner);
        }
        return monitored.computeIfAbsent(
                owner + "." + name + descriptor, key -> inheritsMonitored(owner, name, descriptor));
    }

    /** Whether the class or one that it extends is such; methods are slow to look at. */
    private boolean descends(String owner, Predicate<String> test) {
        return superclasses.computeIfAbsent(owner, this::findSuperclasses).stream().anyMatch(test);
    }

    private List<String> findSuperclasses(String owner) {
        List<String> found = new ArrayList<>();
        for (TypeDescription type = describe(owner); type != null; type = parent(type)) {
            found.add(type.getInternalName());
        }
        return found;
    }

    private boolean inheritsMonitored(String owner, String name, String descriptor) {
        if (!descends(owner, JdkMonitorCalls::isMonitored)) {
            return false;
        }
        TypeDescription type = describe(owner);
        while (type != null && !type.represents(Object.class)) {
            if (JdkMonitorCalls.isMonitored(type.getInternalName())) {
                return true;
            }
            for (MethodDescription method : type.getDeclaredMethods()) {
                if (method.getName().equals(name) && method.getDescriptor().equals(descriptor)) {
                    return false;
                }
            }
            type = parent(type);
        }
        return false;
    }

    /**
     * The concurrent JDK class whose method such a call reaches, or an empty string if it reaches
     * none.
     */
    private synchronized String concurrentClass(String owner, String name, String descriptor) {
        if (JdkEntries.covers(owner) || JdkEntries.reaches(owner)) {
            return owner;
        }
        if (owner.startsWith("java/") || owner.startsWith("[")) {
            return "";
        }
        String key = owner + "." + name + descriptor;
        String known = concurrent.get(key);
        if (known == null) {
            known = findConcurrentClass(owner, name, descriptor);
            concurrent.put(key, known);
        }
        return known;
    }

    private String findConcurrentClass(String owner, String name, String descriptor) {
        if (!descends(owner, JdkEntries::covers)) {
            return "";
        }
        TypeDescription type = describe(owner);
        while (type != null && !type.represents(Object.class)) {
            if (JdkEntries.covers(type.getInternalName())) {
                return type.getInternalName();
            }
            for (MethodDescription method : type.getDeclaredMethods()) {
                if (method.getName().equals(name) && method.getDescriptor().equals(descriptor)) {
                    return "";
                }
            }
            type = parent(type);
        }
        return "";
    }

    private @Nullable TypeDescription describe(String owner) {
        TypePool.Resolution resolution = pool.describe(owner.replace('/', '.'));
        return resolution.isResolved() ? resolution.resolve() : null;
    }

    static String simpleName(String className) {
        String name = className.replace('/', '.');
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
