/** The engine beside other embedded stores, in one run. */
@NullMarked
package org.selvage.enginebenchmarks;

import org.jspecify.annotations.NullMarked;
