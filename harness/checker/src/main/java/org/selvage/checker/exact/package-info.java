/** Near-linear decision procedures for histories whose values are unambiguous. */
@NullMarked
package org.selvage.checker.exact;

import org.jspecify.annotations.NullMarked;
