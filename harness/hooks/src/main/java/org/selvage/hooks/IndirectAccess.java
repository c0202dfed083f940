package org.selvage.hooks;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.ReservedStackAccess;
import org.jspecify.annotations.Nullable;

/**
 * Accesses to fields and elements otherwise than by name: by a {@link VarHandle}, a {@link
 * MethodHandle}, a {@link Field} or {@code Unsafe}. Each is an operation on the same variable as an
 * access by name.
 */
public final class IndirectAccess {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final int ENTRIES = 64;

    /** The ids of a class's fields by their offsets, which are negative for static ones. */
    private static final ClassValue<Map<Long, Integer>> FIELDS =
            new ClassValue<>() {
                @Override
                protected Map<Long, Integer> computeValue(Class<?> type) {
                    Map<Long, Integer> found = new HashMap<>();
                    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
                        for (Field field : c.getDeclaredFields()) {
                            boolean isStatic = Modifier.isStatic(field.getModifiers());
                            long offset =
                                    isStatic
                                            ? -UNSAFE.staticFieldOffset(field)
                                            : UNSAFE.objectFieldOffset(field);
                            found.putIfAbsent(offset, Sites.field(c.getName(), field.getName()));
                        }
                    }
                    return found;
                }
            };

    /** Where the updaters of a class keep the offset of their field. */
    private static final ClassValue<Long> OFFSETS =
            new ClassValue<>() {
                @Override
                protected Long computeValue(Class<?> type) {
                    return UNSAFE.objectFieldOffset(type, "offset");
                }
            };

    /** What the accesses at a site were to, by the site's last bits. */
    private final @Nullable Entry[] entries = new @Nullable Entry[ENTRIES];

    /** What a handle is to. */
    private enum Kind {
        INSTANCE_FIELD,
        STATIC_FIELD,
        ELEMENT,
        /** One that the handle was bound to: the handle stands for it. */
        BOUND,
        /** Anything else, such as the bytes of a buffer: the object as a whole. */
        OTHER
    }

    /**
     * What a handle is to, seen from a site.
     *
     * @param site names the field, if it is one
     * @param field the field's id, or 0
     */
    private record Entry(VarHandle handle, int from, Kind kind, int site, int field) {}

    /** For a carrier. */
    IndirectAccess() {}

    /** The variable of a handle is about to be accessed. */
    @ReservedStackAccess
    public static void handle(
            @Nullable VarHandle handle,
            @Nullable Object object,
            int index,
            OperationKind kind,
            int site) {
        Carrier c = handle == null ? null : Carrier.live();
        if (c == null || handle == null) {
            return;
        }
        c.live = false;
        try {
            Controller controller = Hooks.controller(c);
            Entry entry = c.indirect.entry(handle, site);
            if (entry.kind == Kind.STATIC_FIELD) {
                controller.fieldOperation(kind, null, entry.field, entry.site);
            } else if (entry.kind == Kind.BOUND) {
                controller.operation(kind, handle, site);
            } else if (object == null) {
                return; // the access itself fails
            } else if (entry.kind == Kind.INSTANCE_FIELD) {
                controller.fieldOperation(kind, object, entry.field, entry.site);
            } else if (entry.kind == Kind.ELEMENT && object.getClass().isArray()) {
                controller.elementOperation(kind, object, index, site);
            } else {
                controller.operation(kind, object, site);
            }
        } finally {
            c.live = true;
        }
    }

    private Entry entry(VarHandle handle, int site) {
        Entry known = entries[site % ENTRIES];
        if (known == null || known.handle != handle || known.from != site) {
            known = find(handle, site);
            entries[site % ENTRIES] = known;
        }
        return known;
    }

    private static Entry find(VarHandle handle, int site) {
        List<Class<?>> coordinates = handle.coordinateTypes();
        if (coordinates.size() == 2 && handle.varType() == coordinates.get(0).getComponentType()) {
            return new Entry(handle, site, Kind.ELEMENT, site, 0);
        }
        VarHandle.VarHandleDesc name = handle.describeConstable().orElse(null);
        if (name == null || coordinates.size() > 1) {
            Kind kind = coordinates.isEmpty() ? Kind.BOUND : Kind.OTHER;
            return new Entry(handle, site, kind, site, 0);
        }
        boolean isStatic = coordinates.isEmpty();
        String declaring =
                isStatic
                        ? className(name.bootstrapArgsList().get(0))
                        : declaring(coordinates.get(0), name.constantName());
        int field = Sites.field(declaring, name.constantName());
        return new Entry(
                handle,
                site,
                isStatic ? Kind.STATIC_FIELD : Kind.INSTANCE_FIELD,
                Sites.toField(site, field),
                field);
    }

    private static String className(ConstantDesc type) {
        if (!(type instanceof ClassDesc name)) {
            throw new IllegalArgumentException("no class: " + type);
        }
        String descriptor = name.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    }

    private static String declaring(Class<?> type, String field) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Field declared : c.getDeclaredFields()) {
                if (declared.getName().equals(field)) {
                    return c.getName();
                }
            }
        }
        return type.getName();
    }

    /** A field is about to be accessed by reflection. */
    public static void reflected(
            @Nullable Field field, @Nullable Object object, OperationKind kind, int site) {
        if (field != null && Carrier.live() != null) {
            boolean isStatic = Modifier.isStatic(field.getModifiers());
            int id = Sites.field(field.getDeclaringClass().getName(), field.getName());
            access(id, isStatic, kind, site, object);
        }
    }

    /** The variable at an offset in an object, which {@code Unsafe} is about to access. */
    public static void unsafe(@Nullable Object object, long offset, OperationKind kind, int site) {
        if (object == null || Carrier.live() == null) {
            return;
        }
        if (object.getClass().isArray()) {
            long from = offset - UNSAFE.arrayBaseOffset(object.getClass());
            int index = (int) (from / UNSAFE.arrayIndexScale(object.getClass()));
            element(kind, site, object, index);
            return;
        }
        boolean isStatic = object instanceof Class;
        Class<?> type = object instanceof Class<?> holder ? holder : object.getClass();
        Integer field = FIELDS.get(type).get(isStatic ? -offset : offset);
        if (field != null) {
            access(field, isStatic, kind, site, object);
        }
    }

    /**
     * A method of a field updater is entered.
     *
     * @param updater such as {@link java.util.concurrent.atomic.AtomicIntegerFieldUpdater}
     */
    @ReservedStackAccess
    public static void update(Object updater, @Nullable Object object, OperationKind kind) {
        Carrier c = Carrier.live();
        if (c == null) {
            return;
        }
        int site = c.takeSite();
        if (site != 0 && object != null) {
            long offset = UNSAFE.getLong(updater, OFFSETS.get(updater.getClass()));
            unsafe(object, offset, kind, site);
        }
        c.live = false;
        try {
            Hooks.controller(c).touched(kind, updater); // it may call the program and try again
        } finally {
            c.live = true;
        }
    }

    /** As {@link #reflected}. */
    @ReservedStackAccess
    static void access(
            int field, boolean isStatic, OperationKind kind, int site, @Nullable Object object) {
        Carrier c = Carrier.live();
        if (c == null || (!isStatic && object == null)) {
            return;
        }
        c.live = false;
        try {
            Hooks.controller(c)
                    .fieldOperation(
                            kind, isStatic ? null : object, field, Sites.toField(site, field));
        } finally {
            c.live = true;
        }
    }

    /** An element of an array is about to be accessed. */
    @ReservedStackAccess
    static void element(OperationKind kind, int site, @Nullable Object array, int index) {
        Carrier c = Carrier.live();
        if (c == null || array == null) {
            return;
        }
        c.live = false;
        try {
            Hooks.controller(c).elementOperation(kind, array, index, site);
        } finally {
            c.live = true;
        }
    }

    /** The hooks above as handles, which few programs need. */
    private static final class Accesses {
        static final MethodHandle FIELD =
                find(
                        "access",
                        int.class,
                        boolean.class,
                        OperationKind.class,
                        int.class,
                        Object.class);
        static final MethodHandle ELEMENT =
                find("element", OperationKind.class, int.class, Object.class, int.class);

        private static MethodHandle find(String name, Class<?>... parameters) {
            try {
                return MethodHandles.lookup()
                        .findStatic(
                                IndirectAccess.class,
                                name,
                                MethodType.methodType(void.class, parameters));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A program has looked a field up; returns a handle that tells of each access to it. */
    public static MethodHandle ofField(
            MethodHandle found, MethodHandles.Lookup lookup, OperationKind kind, int site) {
        Carrier c = Carrier.live();
        if (c == null) {
            return found;
        }
        c.live = false;
        try {
            MethodHandleInfo field = lookup.revealDirect(found);
            boolean isStatic = Modifier.isStatic(field.getModifiers());
            int id = Sites.field(field.getDeclaringClass().getName(), field.getName());
            MethodHandle tell =
                    MethodHandles.insertArguments(Accesses.FIELD, 0, id, isStatic, kind, site);
            MethodHandle before =
                    isStatic
                            ? MethodHandles.insertArguments(tell, 0, (Object) null)
                            : tell.asType(
                                    tell.type()
                                            .changeParameterType(0, found.type().parameterType(0)));
            return MethodHandles.foldArguments(found, before);
        } finally {
            c.live = true;
        }
    }

    /** As above, of the elements of arrays. */
    public static MethodHandle ofElements(MethodHandle found, OperationKind kind, int site) {
        Carrier c = Carrier.live();
        if (c == null) {
            return found;
        }
        c.live = false;
        try {
            MethodHandle tell = MethodHandles.insertArguments(Accesses.ELEMENT, 0, kind, site);
            Class<?> array = found.type().parameterType(0);
            return MethodHandles.foldArguments(
                    found, tell.asType(tell.type().changeParameterType(0, array)));
        } finally {
            c.live = true;
        }
    }
}
