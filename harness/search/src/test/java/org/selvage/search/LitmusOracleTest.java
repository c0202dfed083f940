package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the exhaustive search reaches is exactly what sequential consistency allows, for the classic
 * litmus tests (Alglave, Maranget, Tautschnig, "Herding cats", TOPLAS 2014) over every form of
 * memory, and for programs made at random.
 *
 * <p>{@code -Dselvage.litmus=5000} says how many of the latter, and a third as many over several
 * fields of one object.
 */
class LitmusOracleTest {
    private static final long RANDOM_PROGRAMS = Long.getLong("selvage.litmus", 150L);
    private static final long LIMIT = 50_000L;

    /** Over volatile fields, plain ones, final ones behind plain references, and elements. */
    private static final String[] FORMS = {"WR", "PQ", "FG", "ET"};

    @ParameterizedTest
    @CsvSource({
        "store buffering, Wx1 Ry | Wy1 Rx, 3",
        "message passing, Wx1 Wy1 | Ry Rx, 3",
        "load buffering, Rx Wy1 | Ry Wx1, 3",
        "CoRR, Wx1 | Rx Rx, 3",
        "CoWW, Wx1 Wx2 | Rx Rx, 6",
        "CoRW, Rx Wx1 | Wx2 Rx, 4",
        "2+2W, Wx1 Wy2 Rx Ry | Wy1 Wx2 Rx Ry, 8",
        "IRIW, Wx1 | Wy1 | Rx Ry | Ry Rx, 15",
        "WRC, Wx1 | Rx Wy1 | Ry Rx, 7",
        "R, Wx1 Wy1 | Wy2 Rx Ry, 4",
        "S, Wx2 Wy1 | Ry Wx1 Rx, 3"
    })
    void classicsInEveryFormOfMemory(String name, String code, int outcomes) throws Exception {
        assertThat(LitmusCode.allowed(code)).as(name).hasSize(outcomes);
        for (String form : FORMS) {
            check(code.replace('W', form.charAt(0)).replace('R', form.charAt(1)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "atomic increments, Ax | Ax | Ax, 6",
        "increments in two steps, Ix Rx | Ix Rx, 5",
        "compare and set, Cx1 Ax | Cx2 Ax, 4",
        "a volatile flag and plain data, Px1 Wx1 | Rx Qx, 3",
        "plain data and another flag, Px1 Wx1 | Ry Qx, 2",
        "a plain flag and plain data, Px1 Py1 | Qy Qx, 3",
        "final data behind a plain reference, Fx1 Fy1 | Gy Gx, 3",
        "a monitor around both, Lx Px1 Py1 Ux | Lx Qx Qy Ux, 2",
        "a monitor around one, Lx Px1 Py1 Ux | Qx Qy, 4",
        "increments under a monitor, Lx Ix Ux | Lx Ix Ux | Lx Ix Ux, 6",
        "different monitors, Lx Ix Ux | Ly Ix Uy, 3",
        "monitors in opposite orders, Lx Ly Wx1 Uy Ux | Ly Lx Rx Ux Uy, 3"
    })
    void synchronisedOnes(String name, String code, int outcomes) throws Exception {
        assertThat(LitmusCode.allowed(code)).as(name).hasSize(outcomes);
        check(code);
    }

    @Test
    void programsMadeAtRandom() throws Exception {
        for (long seed = 1; seed <= RANDOM_PROGRAMS; seed++) {
            check(LitmusCode.random(seed));
        }
    }

    @Test
    void programsOverSeveralFieldsOfOneObject() throws Exception {
        for (long seed = 1; seed <= RANDOM_PROGRAMS / 3; seed++) {
            check(LitmusCode.randomWithFields(seed));
        }
    }

    private static void check(String code) throws Exception {
        LitmusCode.threads = code.split(" \\| ");
        Explorer.Report report = Explorer.explore("LitmusMachine.run", "optimal", 1L, LIMIT);
        long executions = report.verdicts().values().stream().mapToLong(n -> n).sum();
        assertThat(executions).as(code).isLessThan(LIMIT);
        Set<String> reached = new TreeSet<>(report.outcomes().keySet());
        report.verdicts().keySet().stream().filter(v -> !v.equals("passed")).forEach(reached::add);
        assertThat(reached).as(code).isEqualTo(LitmusCode.allowed(code));
    }
}
