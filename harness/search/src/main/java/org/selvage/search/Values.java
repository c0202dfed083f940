package org.selvage.search;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.ArrayShadow;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Frames;

/**
 * What the variables of a program hold, read while no task runs. Never calls code of the program:
 * an object is shown by its label, not by its {@code toString}.
 */
final class Values {
    private static final int MAX_TEXT = 24;

    private final Map<Class<?>, Map<String, @Nullable Field>> fields = new HashMap<>();
    private final Map<Class<?>, Map<String, @Nullable Field>> statics = new HashMap<>();
    private final IdentityHashMap<Object, String> labels;

    /**
     * Makes a reader.
     *
     * @param labels the objects that have a label
     */
    Values(IdentityHashMap<Object, String> labels) {
        this.labels = labels;
    }

    /** Whether an operation of this kind reads or changes a variable. */
    static boolean isOfVariable(OperationKind kind) {
        return kind == OperationKind.READ
                || kind == OperationKind.WRITE
                || kind == OperationKind.UPDATE;
    }

    /**
     * What a variable holds, in a few characters; an empty string if that cannot be told.
     *
     * @param object the object that has the variable; the class of a static one, which must be
     *     initialised; or the array's element
     * @param target the variable as its site names it, {@code Class.field} or a method of the
     *     object's own class
     */
    String read(@Nullable Object object, String target) {
        return switch (object) {
            case null -> "";
            case AtomicInteger number -> Integer.toString(number.get());
            case AtomicLong number -> Long.toString(number.get());
            case AtomicBoolean flag -> Boolean.toString(flag.get());
            case AtomicReference<?> reference -> text(reference.get());
            case ArrayShadow.Element element -> text(Array.get(element.array(), element.index()));
            case Class<?> type -> field(type, null, target);
            default -> field(object.getClass(), object, target);
        };
    }

    private String field(Class<?> type, @Nullable Object object, String target) {
        Field field = find(type, target.substring(target.indexOf('.') + 1), object == null);
        if (field == null) {
            return "";
        }
        try {
            return text(field.get(object));
        } catch (IllegalAccessException e) {
            return ""; // the program's own modules may forbid it: then the value is not shown
        }
    }

    private @Nullable Field find(Class<?> type, String name, boolean isStatic) {
        return (isStatic ? statics : fields)
                .computeIfAbsent(type, key -> new HashMap<>())
                .computeIfAbsent(name, key -> declared(type, key, isStatic));
    }

    private static @Nullable Field declared(Class<?> type, String name, boolean isStatic) {
        if (!Frames.isProgram(type.getName())) {
            return null;
        }
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (field.getName().equals(name)
                        && Modifier.isStatic(field.getModifiers()) == isStatic) {
                    return accessible(field);
                }
            }
        }
        return null;
    }

    private static @Nullable Field accessible(Field field) {
        try {
            field.setAccessible(true);
            return field;
        } catch (InaccessibleObjectException e) {
            return null;
        }
    }

    private String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean flag -> flag.toString();
            case Character c -> "'" + c + "'";
            case Byte number -> number.toString();
            case Short number -> number.toString();
            case Integer number -> number.toString();
            case Long number -> number.toString();
            case Float number -> number.toString();
            case Double number -> number.toString();
            case String text ->
                    '"'
                            + (text.length() > MAX_TEXT
                                    ? text.substring(0, MAX_TEXT - 2) + ".."
                                    : text)
                            + '"';
            case Enum<?> constant -> constant.name();
            default -> labels.getOrDefault(value, simpleName(value));
        };
    }

    static String simpleName(Object object) {
        String type = Frames.name(object.getClass());
        return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
    }
}
