/** Scenarios, strategies, search, replay, shrinking. */
@NullMarked
package org.selvage.search;

import org.jspecify.annotations.NullMarked;
