package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.selvage.scheduler.Verdict;
import org.selvage.search.Signature;

/** Two defects that one check finds are two failures; one defect, seen with other keys, is one. */
final class TableHistoryTest {
    /** An engine in which tables are never really dropped and inserted rows are lost. */
    private static final class Wrong implements Statements {
        @Override
        public void create(String table) {}

        @Override
        public void drop(String table) {}

        @Override
        public void rename(String table, String to) {}

        @Override
        public void truncate(String table) {}

        @Override
        public void discard(String table) {}

        @Override
        public void importTablespace(String table) {}

        @Override
        public void insert(String table, long key, long value) {}

        @Override
        public boolean delete(String table, long key) {
            return true;
        }

        @Override
        public @Nullable Long read(String table, long key) {
            return key < 10L ? Long.valueOf(7L) : null;
        }

        @Override
        public List<Long> scan(String table, long value) {
            return List.of(1L, 2L);
        }
    }

    @FunctionalInterface
    private interface Calls {
        void of(Client one, Client other);
    }

    private static Signature signature(Calls calls) {
        TableHistory history = new TableHistory(Map.of("t1", Map.of(1L, 7L, 2L, 7L)));
        history.begin();
        calls.of(history.client(0, new Wrong()), history.client(1, new Wrong()));
        AssertionError error =
                catchThrowableOfType(TableHistory.NotLinearizable.class, history::check);
        return Signature.of(new Verdict.Failed("main", error));
    }

    private static Signature staleRead(long key) {
        return signature((one, other) -> {
            other.read("t1", 1L);
            one.drop("t1");
            other.read("t1", key);
        });
    }

    private static Signature lostInsert(long key) {
        return signature((one, other) -> {
            one.insert("t1", key, 3L);
            other.read("t1", key);
        });
    }

    @Test
    void twoDefectsAreTwoFailures() {
        assertThat(staleRead(1L)).isNotEqualTo(lostInsert(11L));
        assertThat(staleRead(1L).words()).isEqualTo("drop -> DB_SUCCESS; read -> value");
        assertThat(lostInsert(11L).words())
                .isEqualTo("insert -> DB_SUCCESS; read -> DB_RECORD_NOT_FOUND");
    }

    @Test
    void oneDefectIsOneFailureWhateverItsKeys() {
        assertThat(staleRead(1L)).isEqualTo(staleRead(2L));
        assertThat(lostInsert(11L)).isEqualTo(lostInsert(12L));
        Signature scan =
                signature((one, other) -> {
                    one.drop("t1");
                    other.scan("t1", 7L);
                });
        assertThat(scan).isNotEqualTo(staleRead(1L));
    }
}
