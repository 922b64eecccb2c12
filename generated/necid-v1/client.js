// Written by `npm run generate` from spec/necid-v1.yaml. Do not edit.

export const serverUrl = "https://api.id.nec.com.au/v1";

export const operations = {
  __proto__: null,
  "ApiSubjectsPost": {"method":"POST","path":"/subjects","pathParameters":[],"requestBody":{"required":true,"content":["application/json"]},"security":[["sigv4","api_key"]],"statuses":["201","400","403","413","415","429","500","502","504"]},
  "OPTIONS /subjects": {"method":"OPTIONS","path":"/subjects","pathParameters":[],"security":[],"statuses":["200","413","429"]},
  "ApiSubjectsByIdPut": {"method":"PUT","path":"/subjects/{id}","pathParameters":["id"],"requestBody":{"required":true,"content":["application/json"]},"security":[["sigv4","api_key"]],"statuses":["200","400","403","404","413","415","429","500","502","504"]},
  "ApiSubjectsByIdDelete": {"method":"DELETE","path":"/subjects/{id}","pathParameters":["id"],"security":[["sigv4","api_key"]],"statuses":["204","403","404","413","429","500","502","504"]},
  "OPTIONS /subjects/{id}": {"method":"OPTIONS","path":"/subjects/{id}","pathParameters":["id"],"security":[],"statuses":["200","413","429"]},
  "ApiFaceExtractPost": {"method":"POST","path":"/face/extract","pathParameters":[],"requestBody":{"required":true,"content":["application/json"]},"security":[["sigv4","api_key"]],"statuses":["200","400","403","404","413","415","429","500","502","504"]},
  "OPTIONS /face/extract": {"method":"OPTIONS","path":"/face/extract","pathParameters":[],"security":[],"statuses":["200","413","429"]},
  "ApiFaceSearchPost": {"method":"POST","path":"/face/search","pathParameters":[],"requestBody":{"required":true,"content":["application/json"]},"security":[["sigv4","api_key"]],"statuses":["200","400","403","404","413","415","429","500","502","504"]},
  "OPTIONS /face/search": {"method":"OPTIONS","path":"/face/search","pathParameters":[],"security":[],"statuses":["200","413","429"]},
  "ApiFaceVerifyPost": {"method":"POST","path":"/face/verify","pathParameters":[],"requestBody":{"required":true,"content":["application/json"]},"security":[["sigv4","api_key"]],"statuses":["200","400","403","404","413","415","429","500","502","504"]},
  "OPTIONS /face/verify": {"method":"OPTIONS","path":"/face/verify","pathParameters":[],"security":[],"statuses":["200","413","429"]},
  "GET /health": {"method":"GET","path":"/health","pathParameters":[],"security":[],"statuses":["200","413","429","500","502","504"]},
  "OPTIONS /health": {"method":"OPTIONS","path":"/health","pathParameters":[],"security":[],"statuses":["200","413","429"]},
};

export function calls(client) {
  return {
    __proto__: null,
    "ApiSubjectsPost": (...init) => client.POST("/subjects", ...init),
    "ApiSubjectsByIdPut": (...init) => client.PUT("/subjects/{id}", ...init),
    "ApiSubjectsByIdDelete": (...init) => client.DELETE("/subjects/{id}", ...init),
    "ApiFaceExtractPost": (...init) => client.POST("/face/extract", ...init),
    "ApiFaceSearchPost": (...init) => client.POST("/face/search", ...init),
    "ApiFaceVerifyPost": (...init) => client.POST("/face/verify", ...init),
  };
}
