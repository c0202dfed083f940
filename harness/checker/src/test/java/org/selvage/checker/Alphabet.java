package org.selvage.checker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.Operation;
import org.selvage.checker.specification.Specification;

/**
 * The operations of a small instance of each shipped specification, with all responses worth
 * trying.
 */
final class Alphabet {
    private Alphabet() {}

    static List<Operation> of(Specification<?> specification) {
        List<Operation> all = new ArrayList<>();
        switch (specification.name()) {
            case "register" -> {
                values(all, "write", null, 1L, 2L);
                responses(all, "read", null, null, 1L, 2L);
            }
            case "cas-register" -> {
                values(all, "write", null, 1L, 2L);
                responses(all, "read", null, null, 1L, 2L);
                responses(all, "cas", List.of(1L, 2L), true, false);
                responses(all, "cas", List.of(2L, 1L), true, false);
            }
            case "multi-register" -> {
                values(
                        all,
                        "write",
                        null,
                        List.of(List.of("x", 1L)),
                        List.of(List.of("x", 2L), List.of("y", 1L)));
                responses(
                        all,
                        "read",
                        List.of("x"),
                        List.of(1L),
                        List.of(2L),
                        Collections.singletonList(null));
                responses(all, "read", List.of("x", "y"), List.of(2L, 1L), List.of(1L, 1L));
            }
            case "map" -> {
                values(all, "put", null, List.of("x", 1L), List.of("x", 2L), List.of("y", 1L));
                values(all, "delete", null, "x");
                responses(all, "get", "x", null, 1L, 2L);
                responses(all, "get", "y", null, 1L);
            }
            case "string-map" -> {
                values(all, "put", null, List.of("x", "a"));
                values(all, "append", null, List.of("x", "b"), List.of("y", "c"));
                responses(all, "get", "x", "", "a", "b", "ab", "abb");
                responses(all, "get", "y", "", "c");
            }
            case "tablespace" -> tablespace(all);
            default -> others(specification, all);
        }
        return all;
    }

    private static void others(Specification<?> specification, List<Operation> all) {
        switch (specification.name()) {
            case "set" -> {
                for (String function : List.of("add", "remove", "contains")) {
                    responses(all, function, "x", true, false);
                }
                responses(all, "add", "y", true);
                responses(all, "contains", "y", true, false);
            }
            case "queue" -> {
                values(all, "enqueue", null, 1L, 2L, 3L, 4L);
                responses(all, "dequeue", null, "empty", 1L, 2L, 3L, 4L);
            }
            case "stack" -> {
                values(all, "push", null, 1L, 2L, 3L, 4L);
                responses(all, "pop", null, "empty", 1L, 2L, 3L, 4L);
            }
            case "priority-queue" -> {
                values(all, "insert", null, 1L, 2L, 3L, 4L);
                responses(all, "deleteMin", null, "empty", 1L, 2L, 3L, 4L);
            }
            case "counter" -> {
                values(all, "add", null, 1L, 2L);
                responses(all, "addAndGet", 1L, 1L, 2L, 3L);
                responses(all, "read", null, 0L, 1L, 3L);
            }
            case "mutex", "semaphore" -> {
                values(all, "acquire", null, (Object) null);
                values(all, "release", null, (Object) null);
                responses(all, "tryAcquire", null, true, false);
            }
            case "append-log" -> {
                responses(all, "append", 1L, 0L, 1L, null);
                responses(all, "append", 2L, 0L, 1L);
                responses(
                        all,
                        "read",
                        null,
                        List.of(),
                        List.of(1L),
                        List.of(1L, 2L),
                        List.of(2L, 1L));
                responses(all, "read", 0L, null, 1L, 2L);
            }
            case "bank" -> {
                responses(all, "transfer", List.of(0L, 1L, 10L), true, false);
                responses(all, "transfer", List.of(1L, 0L, 15L), true, false);
                responses(all, "read", null, List.of(10L, 10L), List.of(0L, 20L), List.of(15L, 5L));
                responses(all, "balance", 0L, 0L, 10L, 15L);
            }
            default ->
                    throw new IllegalArgumentException(
                            "no alphabet for model=" + specification.name());
        }
    }

    private static void tablespace(List<Operation> all) {
        responses(all, "create", "t", "DB_SUCCESS", "DB_TABLESPACE_EXISTS", 1L, 2L);
        responses(all, "drop", "t", "DB_SUCCESS", "DB_TABLE_NOT_FOUND", 1L);
        responses(all, "drop", "u", "DB_SUCCESS");
        responses(
                all,
                "rename",
                List.of("t", "u"),
                "DB_SUCCESS",
                "DB_TABLE_NOT_FOUND",
                "DB_DUPLICATE_KEY");
        responses(all, "truncate", "t", "DB_SUCCESS", 3L);
        responses(all, "discard", "t", "DB_SUCCESS", "DB_TABLESPACE_NOT_FOUND");
        responses(
                all,
                "import",
                List.of("t", List.of(List.of(1L, "a"))),
                "DB_SUCCESS",
                "DB_TABLESPACE_EXISTS");
        responses(
                all,
                "insert",
                List.of("t", 1L, "a"),
                "DB_SUCCESS",
                "DB_DUPLICATE_KEY",
                "DB_TABLE_NOT_FOUND");
        responses(all, "delete", List.of("t", 1L), "DB_SUCCESS", "DB_RECORD_NOT_FOUND");
        responses(
                all, "read", List.of("t", 1L), "a", "DB_RECORD_NOT_FOUND", "DB_TABLESPACE_DELETED");
        responses(all, "read", List.of("u", 1L), "a", "DB_RECORD_NOT_FOUND", "DB_TABLE_NOT_FOUND");
        responses(all, "scan", "t", List.of(), List.of(List.of(1L, "a")), "DB_TABLE_NOT_FOUND");
    }

    private static void values(
            List<Operation> all,
            String function,
            @Nullable Object response,
            @Nullable Object... arguments) {
        for (Object argument : arguments) {
            all.add(Operation.returned(function, argument, response));
        }
    }

    private static void responses(
            List<Operation> all,
            String function,
            @Nullable Object argument,
            @Nullable Object... responses) {
        for (Object response : responses) {
            all.add(Operation.returned(function, argument, response));
        }
    }

    static Operation draw(List<Operation> alphabet, Random random) {
        return alphabet.get(random.nextInt(alphabet.size()));
    }
}
