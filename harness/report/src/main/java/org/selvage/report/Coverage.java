package org.selvage.report;

import java.util.List;
import org.selvage.search.Search;

/**
 * What a search that found nothing was asked to cover.
 *
 * @param subject what was searched, as {@code scenario NAME}
 * @param profile its profile, or an empty string
 * @param strategy the strategy's name
 * @param bounds the limits of the search, each as {@code NAME=VALUE}: steps, budget, preemptions
 * @param search what it did
 */
public record Coverage(
        String subject,
        String profile,
        String strategy,
        List<String> bounds,
        Search.Result search) {}
