/** Workloads over the engine, and what must hold. */
@NullMarked
package org.selvage.scenarios;

import org.jspecify.annotations.NullMarked;
