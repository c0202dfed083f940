package org.selvage.scenarios;

import java.util.List;
import org.selvage.engine.EngineConfig;
import org.selvage.search.Scenario;

/**
 * The delete protocols as profiles, the default first; two of them also with the improvement that
 * report 1 suggests.
 */
final class Profiles {
    private static final String SKIP = "+skip";

    private Profiles() {}

    static List<Scenario.Variant> all() {
        return List.of(
                new Scenario.Variant(
                        EngineConfig.MARIADB_10_2_9,
                        "the merge read ignores a missing tablespace (MDEV-12741)"),
                new Scenario.Variant(
                        EngineConfig.MARIADB_10_2_9 + SKIP,
                        "the same, and a batch reads no more pages of a tablespace once one was"
                                + " refused"),
                new Scenario.Variant(
                        EngineConfig.MARIADB_10_6_16,
                        "one word of flags and references, no sweep of the buffer pool"),
                new Scenario.Variant(
                        EngineConfig.MYSQL_8_0_23,
                        "pages of a deleted tablespace are stale, no sweep of the buffer pool"),
                new Scenario.Variant(
                        EngineConfig.MYSQL_5_7_22,
                        "the merge read of a tablespace that is being deleted writes an error"),
                new Scenario.Variant(
                        EngineConfig.MYSQL_5_7_22 + SKIP,
                        "the same, but a batch reads no more pages of a tablespace once one was"
                                + " refused"));
    }

    static EngineConfig.Builder apply(EngineConfig.Builder config, String profile) {
        boolean skip = profile.endsWith(SKIP);
        String protocol = skip ? profile.substring(0, profile.length() - SKIP.length()) : profile;
        return config.deleteProtocol(protocol).skipFailedSpace(skip);
    }
}
