package org.selvage.weaver;

import java.util.HashMap;
import java.util.Map;
import net.bytebuddy.description.field.FieldDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/** What the weaver must know of classes other than the one it weaves, read from class files without loading them. */
final class ProgramTypes {
    private final TypePool pool;
    private final Map<String, @Nullable FieldUse> fields = new HashMap<>();
    private final Map<String, Boolean> concurrent = new HashMap<>();

    /**
     * A field as a scheduling point sees it.
     *
     * @param target its simple class and name, as reports show it
     * @param isVolatile whether it is declared volatile
     */
    record FieldUse(String target, boolean isVolatile) {}

    ProgramTypes(ClassLoader loader) {
        pool =
                TypePool.Default.WithLazyResolution.of(
                        new ClassFileLocator.Compound(
                                ClassFileLocator.ForClassLoader.of(loader),
                                ClassFileLocator.ForClassLoader.ofPlatformLoader()));
    }

    /** The field that this name resolves to, or null if no class file declares it. */
    synchronized @Nullable FieldUse field(String owner, String name) {
        return fields.computeIfAbsent(owner + "." + name, key -> findField(owner, name));
    }

    private @Nullable FieldUse findField(String owner, String name) {
        TypeDescription type = describe(owner);
        while (type != null) {
            for (FieldDescription field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return new FieldUse(simpleName(type.getName()) + "." + name, field.isVolatile());
                }
            }
            TypeDescription.Generic parent = type.getSuperClass();
            type = parent == null ? null : parent.asErasure();
        }
        return null;
    }

    /** Whether a call on this class may enter a hooked method of the JDK: it is such a class or extends one. */
    synchronized boolean isConcurrent(String owner) {
        Boolean known = concurrent.get(owner);
        if (known == null) {
            known = findConcurrent(owner);
            concurrent.put(owner, known);
        }
        return known;
    }

    private boolean findConcurrent(String owner) {
        if (JdkEntries.covers(owner) || JdkEntries.isFileAccess(owner)) {
            return true;
        }
        if (owner.startsWith("java/") || owner.startsWith("[")) {
            return false;
        }
        TypeDescription type = describe(owner);
        while (type != null && !type.represents(Object.class)) {
            if (JdkEntries.covers(type.getInternalName())) {
                return true;
            }
            TypeDescription.Generic parent = type.getSuperClass();
            type = parent == null ? null : parent.asErasure();
        }
        return false;
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
