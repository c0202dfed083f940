/** Sequential objects a history is checked against. */
@NullMarked
package org.selvage.checker.specification;

import org.jspecify.annotations.NullMarked;
