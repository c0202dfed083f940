/** The JUnit 5 extension. */
@NullMarked
package org.selvage.junit;

import org.jspecify.annotations.NullMarked;
