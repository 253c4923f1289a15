/* Stands for dockerd: says which version it was stamped with, and nothing more. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
	if (argc > 1 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-v"))) {
		printf("Docker version %s, build %s\n", VERSION, GITCOMMIT);
		return 0;
	}
	fprintf(stderr, "this dockerd is a stand-in (init commit %s): it only knows --version\n", INITCOMMIT);
	return 1;
}
