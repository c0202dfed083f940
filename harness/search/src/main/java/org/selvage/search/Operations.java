package org.selvage.search;

import java.util.Locale;
import org.selvage.hooks.OperationKind;
import org.selvage.hooks.Sites;
import org.selvage.scheduler.Task;

/** Operations in words. */
public final class Operations {
    private Operations() {}

    /**
     * What a task is about to do, or did last, and where: {@code lock FilSystem.mutex at
     * FilSystem.lookup:120}.
     */
    public static String describe(Task task) {
        return describe(task.kind(), task.site());
    }

    /** An operation of this kind issued from this site. */
    public static String describe(OperationKind kind, int site) {
        if (site == 0) {
            return verb(kind);
        }
        Sites.Site place = Sites.get(site);
        String target = target(kind, place.target());
        return verb(kind) + (target.isEmpty() ? "" : " " + target) + " at " + place.place();
    }

    /** What an operation of this kind touches, as its site names it. */
    static String target(OperationKind kind, String target) {
        return switch (kind) {
            case LOCK,
                    UNLOCK,
                    TRY_LOCK,
                    WAIT,
                    NOTIFY,
                    NOTIFY_ALL,
                    START,
                    JOIN,
                    UNPARK,
                    PARK,
                    SLEEP,
                    YIELD,
                    INTERRUPT ->
                    receiver(target);
            default -> target;
        };
    }

    private static String receiver(String target) {
        int dot = target.lastIndexOf('.');
        String receiver = dot < 0 ? target : target.substring(0, dot);
        return switch (receiver) {
            case "Thread", "LockSupport", "Object" -> "";
            default -> receiver;
        };
    }

    static String verb(OperationKind kind) {
        return switch (kind) {
            case MONITOR_ENTER -> "enter";
            case MONITOR_EXIT -> "exit";
            default -> kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
