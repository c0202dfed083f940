/** The general searches for a linearization, over interned states and window masks. */
@NullMarked
package org.selvage.checker.search;

import org.jspecify.annotations.NullMarked;
