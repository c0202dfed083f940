/**
 * Dependence between operations: traces, their hashes, and exhaustive search that runs each trace
 * once.
 */
@NullMarked
package org.selvage.search.reduction;

import org.jspecify.annotations.NullMarked;
